import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PROGRAM = resolve('bin/fleet.ts');
const MANY = new URL('./many.ts', import.meta.url).pathname;

/** The program as a person starts it, in the folder `home` and with all that it keeps there. */
export class FleetProgram {
  readonly #home: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(home: string) {
    const { FLEET_KEY: _key, FLEET_URL: _url, FLEET_PREFIX: _prefix, ...env } = process.env;
    this.#home = home;
    this.#env = { ...env, FLEET_HOME: home, ANTHROPIC_API_KEY: '' };
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return this.#spawn([PROGRAM, ...args], env);
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}, stdin = ''): Promise<Ran> {
    return ended(this.start(args, env), stdin);
  }

  /** Runs commands that read nothing from stdin, one after another in one process. */
  async runMany(commands: readonly (readonly string[])[]): Promise<readonly Ran[]> {
    const { stdout, stderr } = await ended(this.#spawn([MANY]), JSON.stringify(commands));
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Ran[];
  }

  #spawn(argv: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, argv, {
      cwd: this.#home,
      env: { ...this.#env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  /** What a command answers with `--json`; it must succeed. */
  async json<Answer>(...args: readonly string[]): Promise<Answer> {
    const { code, stdout, stderr } = await this.run([...args, '--json']);
    if (code !== 0) throw new Error(`fleet ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as Answer;
  }

  /** `fleet up` on free ports; resolves when it invites people in. */
  async up(...options: readonly string[]): Promise<ChildProcess> {
    const child = this.start(['up', '--no-sample', '--port', '0', '--api-port', '0', ...options]);
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(said)));
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        if (said.includes('Ctrl-C stops the fleet.')) resolve();
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
    });
    return child;
  }
}

async function ended(child: ChildProcess, stdin: string): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin?.end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A reader's shell: runs commands as typed, in a folder, without the environment variables of this test run. */
export class Shell implements Disposable {
  readonly #children: ChildProcess[] = [];
  readonly #cwd: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(cwd: string, env: NodeJS.ProcessEnv = {}) {
    const kept = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|FLEET_|AWS_|CDK_|NODE_OPTIONS|VITEST)/.test(name),
    );
    this.#cwd = cwd;
    this.#env = { ...Object.fromEntries(kept), ANTHROPIC_API_KEY: '', npm_config_update_notifier: 'false', ...env };
  }

  async run(typed: string): Promise<Said> {
    const child = this.#spawn(typed);
    const said = hear(child);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...said };
  }

  /** Starts a command that keeps running. Resolves when it prints `text`. */
  async start(typed: string, text: string): Promise<Running> {
    const child = this.#spawn(typed);
    const said = hear(child);
    const ended = once(child, 'close');
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', () => said.stdout.includes(text) && resolve());
      child.once('close', () =>
        reject(new Error(`The command ended before it printed "${text}": ${said.stdout}${said.stderr}`)),
      );
    });
    return {
      said: () => said.stdout,
      async interrupt() {
        if (child.pid === undefined) throw new Error(`${typed} was never started.`);
        process.kill(-child.pid, 'SIGINT');
        await ended;
        return said.stdout;
      },
    };
  }

  /** Kills the commands that still run. */
  [Symbol.dispose](): void {
    for (const { pid, exitCode, signalCode } of this.#children)
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }

  #spawn(typed: string): ChildProcess {
    const child = spawn('bash', ['-c', typed], {
      cwd: this.#cwd,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group, like a terminal's foreground: Ctrl-C reaches everything that the command started.
      detached: true,
    });
    this.#children.push(child);
    return child;
  }
}

export interface Running {
  said(): string;
  /** Presses Ctrl-C. Resolves with the whole output when everything has ended. */
  interrupt(): Promise<string>;
}

function hear(child: ChildProcess): { stdout: string; stderr: string } {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  return said;
}

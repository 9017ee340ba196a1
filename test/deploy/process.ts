import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Takes all that the command says. */
  readonly log: string;
}

/** A command ended with an error. Its words are in `said`. */
export class CommandError extends Error {
  readonly said: string;

  constructor(command: string, code: number | null, said: string) {
    super(`${command} ended with ${code ?? 'a signal'}:\n${said.trim().split('\n').slice(-12).join('\n')}`);
    this.name = 'CommandError';
    this.said = said;
  }
}

/** Runs a command to its end and answers with what it said. Rejects with `CommandError`, or the signal's reason. */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { cwd, env, signal, log } = options;
  signal.throwIfAborted();
  // A group of its own, so that Ctrl-C reaches it once, through the signal, and nothing that it started stays.
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => killGroup(child.pid, 'SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const file = createWriteStream(log, { flags: 'a' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      file.write(chunk);
    });
  }
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    if (code !== 0) throw new CommandError([command, ...args].join(' '), code, said);
    return said;
  } finally {
    signal.removeEventListener('abort', stop);
    file.end();
  }
}

/** Signals a process and all that it started. One that is gone already is no error. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

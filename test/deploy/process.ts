import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Log file for all output of the command. */
  readonly log: string;
}

/** A command exited with an error. `output` is all that it printed. */
export class CommandError extends Error {
  readonly output: string;

  constructor(command: string, code: number | null, output: string) {
    super(`${command} ended with ${code ?? 'a signal'}:\n${output.trim().split('\n').slice(-12).join('\n')}`);
    this.name = 'CommandError';
    this.output = output;
  }
}

/** Runs a command and returns its output. Rejects with `CommandError`, or with the signal's reason. */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { cwd, env, signal, log } = options;
  signal.throwIfAborted();
  // Its own process group, so that Ctrl-C reaches it once, through the signal, and ends everything that it started.
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => killGroup(child.pid, 'SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const file = createWriteStream(log, { flags: 'a' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      file.write(chunk);
    });
  }
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    if (code !== 0) throw new CommandError([command, ...args].join(' '), code, output);
    return output;
  } finally {
    signal.removeEventListener('abort', stop);
    file.end();
  }
}

/** Signals a process group. Does nothing if it has already exited. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

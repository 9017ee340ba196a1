import type { Writable } from 'node:stream';

/**
 * Ends the process once all output is written. A command that failed half way may have left a server or a timer behind,
 * which would keep the process running.
 */
export async function exit(code: number): Promise<never> {
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit(code);
}

/** Resolves when the stream has passed on everything, or its reader has gone. */
const written = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });

import type { Writable } from 'node:stream';

/**
 * Lets a command continue when the reader of its output has gone, such as `| head` after ten lines. The command still
 * does its work and sets its exit code. Other stream errors are not ignored.
 */
export function outliveReaders(streams: readonly Writable[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

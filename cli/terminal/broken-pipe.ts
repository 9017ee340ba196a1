import type { Writable } from 'node:stream';

/**
 * Lets a command go on when whoever read its words has gone, as `| head` does after ten lines: what it was asked to do
 * gets done, unheard, and its exit code tells. Every other error of a stream stays one.
 */
export function outliveReaders(streams: readonly Writable[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

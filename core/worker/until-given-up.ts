import type { Clock } from '../ports/clock.ts';

/** How long a tool may take to end after its signal fired. */
const GRACE_MS = 2_000;

/**
 * Waits for a tool, but not for ever: null if it is still running two seconds after its signal fired. A tool that listens
 * ends in that time, and its outcome counts.
 */
export function untilGivenUp<Outcome>(
  clock: Clock,
  running: Promise<Outcome>,
  signal: AbortSignal,
): Promise<Outcome | null> {
  return new Promise((resolve, reject) => {
    let stop = (): void => undefined;
    const begin = (): void => {
      stop = clock.every(GRACE_MS, () => {
        stop();
        resolve(null);
      });
    };
    const end = (): void => {
      stop();
      signal.removeEventListener('abort', begin);
    };
    running.finally(end).then(resolve, reject);
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
  });
}

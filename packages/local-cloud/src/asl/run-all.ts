import type { Cancellation } from './cancellation.ts';

/**
 * Runs `count` branches, at most `limit` at once, and returns their results in order. The first failure cancels the
 * others and is thrown. Cancelling `outer` cancels all.
 */
export async function runAll<T>(
  count: number,
  limit: number,
  outer: Cancellation,
  run: (index: number, cancellation: Cancellation) => Promise<T>,
): Promise<T[]> {
  const { cancellation, release } = outer.child();
  const results: T[] = [];
  let next = 0;
  let failure: unknown;
  const lane = async (): Promise<void> => {
    while (next < count && !cancellation.cancelled) {
      const index = next;
      next += 1;
      try {
        results[index] = await run(index, cancellation);
      } catch (error) {
        // Later failures are those of cancelled branches.
        failure ??= error;
        cancellation.cancel();
        throw failure;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, count) }, lane));
    cancellation.throwIfCancelled();
    return results;
  } finally {
    release();
  }
}

/** A mapping's maximum concurrency is at least 2 (AWS Lambda, ScalingConfig). */
const MIN_WORKERS = 2;

/** Workers of a pool that the environment says nothing of. */
const USUAL_WORKERS = 5;
const HIGH_SHARE = 0.2;

/** A pool's workers between its two queues: a fifth for the high one, and each at least the fewest that AWS takes. */
export function shareWorkers(workers = USUAL_WORKERS): Record<'high' | 'default', { maximumConcurrency: number }> {
  const high = Math.max(MIN_WORKERS, Math.round(workers * HIGH_SHARE));
  return { high: { maximumConcurrency: high }, default: { maximumConcurrency: workers - high } };
}

/**
 * So many tasks at once, exactly, by as few workers as can be, each with `most` tasks at most: with 5, 50 are 10 workers
 * with 5 each, and 7 are 7 with one each.
 */
export function shareOut(agents: number, most: number): { readonly workers: number; readonly tasksPerWorker: number } {
  for (let tasksPerWorker = most; tasksPerWorker > 1; tasksPerWorker -= 1) {
    const workers = agents / tasksPerWorker;
    if (Number.isInteger(workers) && workers >= MIN_WORKERS) return { workers, tasksPerWorker };
  }
  return { workers: agents, tasksPerWorker: 1 };
}

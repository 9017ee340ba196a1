/** A mapping's maximum concurrency is at least 2 (AWS Lambda, ScalingConfig). */
const MIN_WORKERS = 2;

/** Workers of a pool that the environment does not mention. */
const USUAL_WORKERS = 5;
const HIGH_SHARE = 0.2;

/** Splits a pool's workers between its queues: a fifth for the high queue. Each gets at least AWS's minimum. */
export function shareWorkers(workers = USUAL_WORKERS): Record<'high' | 'default', { maximumConcurrency: number }> {
  const high = Math.max(MIN_WORKERS, Math.round(workers * HIGH_SHARE));
  return { high: { maximumConcurrency: high }, default: { maximumConcurrency: workers - high } };
}

/** The fewest workers of a pool whose default queue gets this many of them. */
export function workersFor(ofDefaultQueue: number): number {
  let workers = ofDefaultQueue + MIN_WORKERS;
  while (shareWorkers(workers).default.maximumConcurrency < ofDefaultQueue) workers += 1;
  return workers;
}

/**
 * The fewest workers that handle exactly `agents` tasks at once, each with at most `most`. With a maximum of 5, 50 tasks
 * need 10 workers with 5 each, and 7 tasks need 7 workers with one each.
 */
export function shareOut(agents: number, most: number): { readonly workers: number; readonly tasksPerWorker: number } {
  for (let tasksPerWorker = most; tasksPerWorker > 1; tasksPerWorker -= 1) {
    const workers = agents / tasksPerWorker;
    if (Number.isInteger(workers) && workers >= MIN_WORKERS) return { workers, tasksPerWorker };
  }
  return { workers: agents, tasksPerWorker: 1 };
}

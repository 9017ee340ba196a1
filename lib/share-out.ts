/** A mapping's maximum concurrency is at least 2 (AWS Lambda, ScalingConfig). */
const FEWEST_WORKERS = 2;

/**
 * So many tasks at once, exactly, by as few workers as can be, each with `most` tasks at most: with 5, 50 are 10 workers
 * with 5 each, and 7 are 7 with one each.
 */
export function shareOut(agents: number, most: number): { readonly workers: number; readonly tasksPerWorker: number } {
  for (let tasksPerWorker = most; tasksPerWorker > 1; tasksPerWorker -= 1) {
    const workers = agents / tasksPerWorker;
    if (Number.isInteger(workers) && workers >= FEWEST_WORKERS) return { workers, tasksPerWorker };
  }
  return { workers: agents, tasksPerWorker: 1 };
}

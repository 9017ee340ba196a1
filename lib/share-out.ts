/**
 * Tasks one worker handles at once, at most. An agent that only calls the model waits most of the time, so they wait
 * together and the waiting costs a fifth; more would keep a quick answer's place taken longer, since a worker takes new
 * messages only when its slowest task has ended.
 */
const MOST_TASKS = 5;
/** A mapping's maximum concurrency is at least 2 (AWS Lambda, ScalingConfig). */
const FEWEST_WORKERS = 2;

/** So many tasks at once, exactly, by as few workers as can be: 50 are 10 workers with 5 each, 7 are 7 with one each. */
export function shareOut(agents: number): { readonly workers: number; readonly tasksPerWorker: number } {
  for (let tasksPerWorker = MOST_TASKS; tasksPerWorker > 1; tasksPerWorker -= 1) {
    const workers = agents / tasksPerWorker;
    if (Number.isInteger(workers) && workers >= FEWEST_WORKERS) return { workers, tasksPerWorker };
  }
  return { workers: agents, tasksPerWorker: 1 };
}

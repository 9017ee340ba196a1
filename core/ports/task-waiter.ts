import type { TaskId } from '../tasks/task-id.ts';

/** Waits for tasks to end, with a bounded number of concurrent waits. */
export interface TaskWaiter {
  /**
   * Resolves when all tasks have ended or `seconds` have passed. Returns `busy` at once when too many calls are waiting, or it
   * cannot wait.
   */
  wait(ids: readonly TaskId[], seconds: number): Promise<'over' | 'busy'>;
}

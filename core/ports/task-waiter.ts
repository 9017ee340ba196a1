import type { TaskId } from '../tasks/task.ts';

/** Waits for the end of tasks, so many at once and no more. */
export interface TaskWaiter {
  /** Resolves when the task has ended or `seconds` are over; `busy` at once where too many wait already. */
  wait(id: TaskId, seconds: number): Promise<'over' | 'busy'>;
}

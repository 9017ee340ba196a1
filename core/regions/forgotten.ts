import { isTerminal, type Task } from '../tasks/task.ts';

/** How many days an ended task is kept, after its end. */
export const TASK_KEPT_DAYS = 30;

/**
 * How long after its acceptance a task can be taken over: two weeks longer than any deadline, and shorter than an ended task
 * is kept. So what an earlier epoch wrote counts for nothing before the end that hides it expires. Otherwise its end, which
 * pledges keep for 90 days, would be adopted and announced again and again.
 */
export const MAX_TAKEOVER_AGE_MS = 21 * 86_400_000;

/**
 * Whether what an earlier epoch wrote of a task is a remnant: the task ended under a later epoch, whose item has expired. No
 * one reads a remnant, and no one takes it over.
 */
export const isForgotten = ({ state, createdAt }: Pick<Task, 'state' | 'createdAt'>, now: number): boolean =>
  !isTerminal(state) && now - createdAt > MAX_TAKEOVER_AGE_MS;

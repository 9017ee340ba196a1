import { isTerminal, type Task } from '../tasks/task.ts';

/**
 * How long after its acceptance a task can be taken over: longer than any deadline, and a month shorter than pledges are
 * kept. Later, its end may have been forgotten, and it would end a second time.
 */
export const MAX_TAKEOVER_AGE_MS = 60 * 86_400_000;

/**
 * Whether what an earlier epoch wrote of a task is a remnant: the task ended under a later epoch, whose item has expired. No
 * one reads a remnant, and no one takes it over.
 */
export const isForgotten = ({ state, createdAt }: Pick<Task, 'state' | 'createdAt'>, now: number): boolean =>
  !isTerminal(state) && now - createdAt > MAX_TAKEOVER_AGE_MS;

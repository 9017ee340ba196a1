import type { Decision } from './transition.ts';
import type { Task } from './task.ts';

/** What went wrong in the turn of whoever claimed the task last. */
export const errorOf = ({ worker }: Task, reason: string, at: number): NonNullable<Task['lastError']> => ({
  reason,
  at,
  ...(worker === undefined ? {} : { worker }),
});

/** Notes on the task what went wrong, so that it can be told should nobody get any further. */
export const withError = (decision: Decision, reason: string, at: number): Decision =>
  decision.ok ? { ...decision, task: { ...decision.task, lastError: errorOf(decision.task, reason, at) } } : decision;

/** A lease ran out: nobody was left to say why. */
export const DIED =
  'The worker died or stood still until its lease ran out; its log names the cause (often memory or time limit).';

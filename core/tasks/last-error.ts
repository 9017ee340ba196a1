import type { Decision } from './transition.ts';
import type { Task } from './task.ts';

/** The error of the worker that claimed the task last. */
export const errorOf = ({ worker }: Task, reason: string, at: number): NonNullable<Task['lastError']> => ({
  reason,
  at,
  ...(worker === undefined ? {} : { worker }),
});

/** Records an error on the task, so that it can be shown if the task makes no progress. */
export const withError = (decision: Decision, reason: string, at: number): Decision =>
  decision.ok ? { ...decision, task: { ...decision.task, lastError: errorOf(decision.task, reason, at) } } : decision;

/** The lease ran out, so no worker could report the cause. */
export const DIED =
  'The worker crashed or stalled until its lease ran out. Its log shows the cause, often the memory or time limit.';

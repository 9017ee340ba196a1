import { claim } from './claim.ts';
import { park } from './progress.ts';
import type { Task, TaskState, Worker } from './task.ts';
import type { Decision } from './transition.ts';

/** The first check follows soon, since a worker with the version is often a few seconds away in a deploy. */
const FIRST_CHECK_MS = 30_000;
/** 30 seconds doubled twice is the longest interval: two minutes. */
const MAX_DOUBLINGS = 2;

/** How a worker that does not have the version met the task. */
export interface Meeting {
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: number;
  /** The worker, for people. @default unknown */
  readonly worker?: Worker | undefined;
}

/**
 * Parks a task whose agent version this worker does not have, until a worker that has it takes it. It is a claim that is
 * given up at once, in one write: it is refused when a claim is, fences the worker before, counts its death and honours
 * a request to cancel. No attempt is spent (I5).
 */
export function awaitVersion(task: Task, { now, random, worker }: Meeting): Decision {
  const claimed = claim(task, 'none', now, worker);
  if (!claimed.ok) return claimed;
  const checks = checksOf(task.state);
  const until = Math.min(task.deadline, now + recheckMs(checks, random));
  const parked = park(claimed.task, claimed.task.epoch, 'yielded', until, now);
  if (!parked.ok) return parked;
  const { state } = parked.task;
  const detailed: TaskState =
    state.status === 'parked' ? { ...state, detail: 'agent-version', looks: checks + 1 } : state;
  return { ok: true, task: { ...parked.task, state: detailed, version: task.version + 1 } };
}

/** Checks of a task that waits for its version. The interval begins anew after the sweeper sent the task. */
const checksOf = (state: TaskState): number =>
  state.status === 'parked' && state.detail === 'agent-version' ? (state.looks ?? 0) : 0;

/** With jitter on top, so that the tasks of a rolled-back version do not return all at once. */
export const recheckMs = (checks: number, random: number): number =>
  Math.round(FIRST_CHECK_MS * 2 ** Math.min(checks, MAX_DOUBLINGS) * (1 + random / 4));

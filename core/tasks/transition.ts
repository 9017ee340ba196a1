import type { Task } from './task.ts';

/** Why a transition may not happen. The caller decides what that means; nothing was written. */
export type Refusal =
  /** The task has ended: a late writer, or a message that came twice. */
  | 'finished'
  /** Another worker holds a valid lease. */
  | 'leased'
  /** Parked, and its time has not come. */
  | 'not-due'
  /** The claim is no longer the newest (I2). */
  | 'stale-epoch'
  /** Nothing would change. */
  | 'unchanged';

export type Decision =
  | { readonly ok: true; readonly task: Task }
  | { readonly ok: false; readonly refusal: Refusal; readonly task: Task };

/** A rule of the task's life: pure, so that it can be decided again on a newer state when a write conflicts. */
export type Transition = (task: Task) => Decision;

export const refused = (task: Task, refusal: Refusal): Decision => ({ ok: false, refusal, task });

/** The next state of a task: its version goes up by one, which is what the conditional write checks. */
export function advance(task: Task, change: Partial<Omit<Task, 'id' | 'version'>>): Decision {
  return { ok: true, task: { ...task, ...change, version: task.version + 1 } };
}

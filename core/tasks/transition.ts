import type { Task } from './task.ts';

/** Why a transition does not apply. Nothing was written, and the caller decides what to do. */
export type Refusal =
  /** The task has ended. Seen by late writers and duplicate messages. */
  | 'finished'
  /** Another worker holds a valid lease. */
  | 'leased'
  /** The task is parked and not due yet. */
  | 'not-due'
  /** The claim is no longer the newest (I2). */
  | 'stale-epoch'
  /** Somebody has asked to cancel it, and its worker has not answered yet. */
  | 'cancelling'
  /** Nothing would change. */
  | 'unchanged';

export type Decision =
  | { readonly ok: true; readonly task: Task }
  | { readonly ok: false; readonly refusal: Refusal; readonly task: Task };

/** A state transition of a task. Pure, so that it can be decided again on a newer state when a write conflicts. */
export type Transition = (task: Task) => Decision;

/** A transition that does not apply to the task, and why. */
export const refused = (task: Task, refusal: Refusal): Decision => ({ ok: false, refusal, task });

/** The next state of a task: its version goes up by one, which is what the conditional write checks. */
export function advance(task: Task, change: Partial<Omit<Task, 'id' | 'version'>>): Decision {
  return { ok: true, task: { ...task, ...change, version: task.version + 1 } };
}

import type { Failure } from '../failures/failure.ts';
import type { ParkCause, ParkDetail } from '../tasks/park-cause.ts';
import type { Task } from '../tasks/task.ts';

/** How long a task must wait before its next call, and for what. */
export interface Wait {
  readonly cause: ParkCause;
  /** A cause that older releases cannot parse. */
  readonly detail?: ParkDetail | undefined;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** One sentence for a person. */
  readonly reason: string;
  /** The slot that its next call has. */
  readonly slot?: Task['slot'];
}

/** Why a call is not made now: its task is parked, which spends no attempt (I5), or fails. */
export type CallRefusal =
  | { readonly kind: 'waits'; readonly wait: Wait }
  | { readonly kind: 'failed'; readonly failure: Failure };

export const mustWait = (wait: Wait): CallRefusal => ({ kind: 'waits', wait });

export const overBudget = (reason: string): CallRefusal => ({
  kind: 'failed',
  failure: { kind: 'over-budget', reason },
});

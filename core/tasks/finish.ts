import type { HandOver } from '../agents/define-agent.ts';
import type { Failure } from '../failures/failure.ts';
import { held } from './claim.ts';
import { DIED, withError } from './last-error.ts';
import { chargeReservation } from './reservation.ts';
import { advance, refused, type Decision } from './transition.ts';
import type { Turn } from '../sessions/turn.ts';
import { isFreed } from './park-cause.ts';
import { isTerminal, type Task } from './task.ts';

const CANCELLED: Failure = { kind: 'cancelled', reason: 'Cancelled on request.' };

/** Ends the holder's task as succeeded. A late writer is refused (I2). */
export function succeed(
  task: Task,
  epoch: number,
  result: {
    readonly output: unknown;
    readonly warnings: readonly string[];
    /** How it reads in its session. */
    readonly turn?: Turn | undefined;
  },
  now: number,
): Decision {
  return held(task, epoch, (mine) =>
    advance(mine, {
      state: {
        status: 'succeeded',
        output: result.output,
        warnings: [...result.warnings],
        ...(result.turn === undefined ? {} : { turn: result.turn }),
        finishedAt: now,
        notified: false,
      },
    }),
  );
}

/** Ends the holder's task as escalated; what was found so far is kept for the person who answers. */
export function escalate(
  task: Task,
  epoch: number,
  { reason, summary, output, turn }: HandOver & { readonly output: unknown; readonly turn?: Turn | undefined },
  now: number,
): Decision {
  const forPerson = {
    reason,
    output,
    ...(summary === undefined ? {} : { summary }),
    ...(turn === undefined ? {} : { turn }),
  };
  return held(task, epoch, (mine) =>
    advance(mine, { state: { status: 'escalated', ...forPerson, finishedAt: now, notified: false } }),
  );
}

/** Ends the holder's task as failed. */
export function fail(task: Task, epoch: number, failure: Failure, now: number): Decision {
  return held(task, epoch, (mine) => end(mine, failure, now));
}

/**
 * Ends a task that nobody works on: its message landed in the dead-letter queue, or its deadline passed.
 * A task that is validly leased, or parked for a later time or to be freed, is healthy and left alone (I9).
 */
export function abandon(task: Task, failure: Failure, now: number): Decision {
  const { state } = task;
  if (isTerminal(state)) return refused(task, 'finished');
  if (state.status === 'running' && now < state.leaseUntil) return refused(task, 'leased');
  const waits = state.status === 'parked' && (isFreed(state) || now < state.until);
  if (waits && now < task.deadline) return refused(task, 'not-due');
  const ended = end(task, failure, now);
  return state.status === 'running' ? withError(ended, DIED, state.leaseUntil) : ended;
}

export const DEADLINE: Failure = { kind: 'deadline', reason: 'The deadline passed before the task ended.' };

/** Ends a task whose deadline has passed. Like `abandon`, it leaves a validly leased task alone. */
export const expire = (task: Task, now: number): Decision => abandon(task, DEADLINE, now);

/** Cancels a task: at once if no worker holds it, otherwise before the next step. */
export function cancel(task: Task, now: number): Decision {
  const { state } = task;
  if (isTerminal(state)) return refused(task, 'finished');
  if (state.status === 'running' && now < state.leaseUntil)
    return state.cancelRequested
      ? refused(task, 'unchanged')
      : advance(task, { state: { ...state, cancelRequested: true } });
  return end(task, CANCELLED, now);
}

/** The holder carries out a request to cancel. */
export function honourCancel(task: Task, epoch: number, now: number): Decision {
  return held(task, epoch, (mine) => end(mine, CANCELLED, now));
}

/** Marks that all waiters have been notified. */
export function markNotified(task: Task): Decision {
  const { state } = task;
  if (!isTerminal(state) || state.notified) return refused(task, 'unchanged');
  return advance(task, { state: { ...state, notified: true } });
}

/**
 * Adds a token to notify when the task ends, and the run that it belongs to. Refused as `finished` when it has ended:
 * notify the token at once. Refused as `cancelling` when another run's task is about to be cancelled: wait for its end,
 * then start it again.
 */
export function addWaiter(task: Task, token: string, runId?: string): Decision {
  if (isTerminal(task.state)) return refused(task, 'finished');
  if (task.waiters.includes(token)) return refused(task, 'unchanged');
  const waiters = [...task.waiters, token];
  const others = task.otherRuns ?? [];
  if (runId === undefined || runId === task.runId || others.includes(runId)) return advance(task, { waiters });
  if (task.state.status === 'running' && task.state.cancelRequested) return refused(task, 'cancelling');
  return advance(task, { waiters, otherRuns: [...others, runId] });
}

/** Hands a task over to another run that waits for it, when its own run was cancelled. */
export function handOver(task: Task, heir: string): Decision {
  if (isTerminal(task.state)) return refused(task, 'finished');
  if (!task.otherRuns?.includes(heir)) return refused(task, 'unchanged');
  return advance(task, { runId: heir, otherRuns: task.otherRuns.filter((run) => run !== heir) });
}

/** The end of a task by failure; a call that may still be in flight stays charged. */
function end(task: Task, failure: Failure, now: number): Decision {
  const state: Task['state'] =
    failure.kind === 'cancelled'
      ? { status: 'cancelled', finishedAt: now, notified: false }
      : { status: 'failed', failure, finishedAt: now, notified: false };
  return advance(chargeReservation(task), { state });
}

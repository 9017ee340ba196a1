import type { Reservation, Spend } from '../budgets/budget.ts';
import { addSaved, addUsage, roundUsd } from '../models/price.ts';
import { held, leased } from './claim.ts';
import { honourCancel } from './finish.ts';
import { chargeReservation } from './reservation.ts';
import { advance, refused, type Decision } from './transition.ts';
import type { ModelStep, Step } from './step.ts';
import { causeOf, isFreed, type ParkCause, type ParkDetail } from './park-cause.ts';
import type { ParkedState, Task } from './task.ts';

/** Reserves a call's worst case before the call is made (I4), and renews the lease in the same write. */
export function reserveCall(task: Task, epoch: number, reservation: Reservation, now: number): Decision {
  return held(task, epoch, (mine) => advance(mine, { reservation, slot: undefined, state: renewed(mine, now) }));
}

/** Releases the reservation of a call that was certainly not billed: it was rejected or never sent. */
export function releaseCall(task: Task, epoch: number): Decision {
  return held(task, epoch, (mine) =>
    mine.reservation ? advance(mine, { reservation: null }) : refused(mine, 'unchanged'),
  );
}

/** Charges the reservation of a call that broke off or whose worker died, since it may have been billed (I3). */
export function forfeitCall(task: Task, epoch: number): Decision {
  return held(task, epoch, (mine) =>
    mine.reservation ? advance(chargeReservation(mine), {}) : refused(mine, 'unchanged'),
  );
}

/**
 * Commits a stored step. One write adds its epoch to the task's list and replaces the reservation with the true cost,
 * so a step is never charged twice or not at all. The step may come from an earlier epoch whose worker died before
 * the commit. That step has finished, so it is not run again (I3).
 */
export function commitStep(task: Task, epoch: number, step: Step, now: number): Decision {
  return held(task, epoch, (mine) => {
    if (step.index !== mine.steps.length) return refused(mine, 'unchanged');
    const spend = step.kind === 'model' ? spentOn(mine.spend, step) : mine.spend;
    return advance(mine, {
      steps: [...mine.steps, step.epoch],
      attempts: 0,
      reservation: null,
      spend,
      ...(step.kind === 'model' && !step.isSummary ? { model: step.model } : {}),
      state: renewed(mine, now),
    });
  });
}

/**
 * Releases the task until `until`. Only a backoff uses up an attempt. Being throttled (I5) or yielding when the worker's
 * time is up does not. A pending request to cancel ends the task instead, since a parked task would lose it.
 */
export function park(task: Task, epoch: number, cause: ParkCause, until: number, now: number): Decision {
  return held(task, epoch, (mine) => {
    if (mine.state.status === 'running' && mine.state.cancelRequested) return honourCancel(mine, epoch, now);
    return advance(mine, {
      attempts: mine.attempts + (cause === 'backoff' ? 1 : 0),
      state: { status: 'parked', cause, until, since: now },
    });
  });
}

/** Says more exactly why a task is parked. */
export const withDetail = (decision: Decision, detail: ParkDetail | undefined): Decision =>
  decision.ok && decision.task.state.status === 'parked' && detail !== undefined
    ? { ...decision, task: { ...decision.task, state: { ...decision.task.state, detail } } }
    : decision;

/** Keeps the slot of a parked task's next call, so that the task does not have to acquire another. */
export const withSlot = (decision: Decision, slot: Task['slot']): Decision =>
  decision.ok && decision.task.state.status === 'parked' && slot !== undefined
    ? { ...decision, task: { ...decision.task, slot } }
    : decision;

/** Records that the sweeper sent the task's message again, which postpones the next check. */
export function requeue(task: Task, now: number): Decision {
  if (task.state.status === 'queued') {
    const resends = (task.state.resends ?? 0) + 1;
    return advance(task, { state: { ...task.state, since: now, resends } });
  }
  if (task.state.status === 'parked' && (isFreed(task.state) || task.state.until <= now))
    return advance(task, { state: queuedAfter(task.state, now) });
  // The holder may still be alive, so the claim stays unchanged.
  if (task.state.status === 'running' && task.state.leaseUntil <= now) {
    const times = (task.state.resent?.times ?? 0) + 1;
    return advance(task, { state: { ...task.state, resent: { ...task.state.resent, at: now, times } } });
  }
  return refused(task, 'unchanged');
}

/**
 * Frees a parked task whose message was sent because its wait is over. If the task has been claimed and parked again
 * since it was `seen`, it keeps waiting.
 */
export function free(task: Task, seen: Pick<Task, 'epoch'>, now: number): Decision {
  const { state, epoch } = task;
  if (state.status !== 'parked' || epoch !== seen.epoch) return refused(task, 'unchanged');
  return advance(task, { state: queuedAfter(state, now) });
}

/** A parked task that goes back to its queue. */
const queuedAfter = (parked: ParkedState, now: number): Task['state'] => ({
  status: 'queued',
  since: now,
  waited: { cause: causeOf(parked), since: parked.since ?? Math.min(parked.until, now), until: now },
});

/** Keeps a task waiting to be freed. The sweeper checks it again in a minute, and doubles the interval each time. */
export function waitOn(task: Task, looks: number, now: number): Decision {
  const { state } = task;
  if (state.status !== 'parked' || !isFreed(state)) return refused(task, 'unchanged');
  return advance(task, { state: { ...state, until: Math.min(now, task.deadline), looks } });
}

/** A task's spend with one more answered call. */
export function spentOn(spend: Spend, { usage, usd, savedUsd = 0 }: ModelStep): Spend {
  return {
    ...spend,
    usage: addUsage(spend.usage, usage),
    usd: roundUsd(spend.usd + usd),
    savedUsd: addSaved(spend.savedUsd ?? 0, savedUsd),
  };
}

function renewed(task: Task, now: number): Task['state'] {
  return task.state.status === 'running' ? leased(task.state, now) : task.state;
}

import type { Reservation, Spend } from '../budgets/budget.ts';
import { addSaved, addUsage, roundUsd } from '../models/price.ts';
import { held, leased } from './claim.ts';
import { honourCancel } from './finish.ts';
import { chargeReservation } from './reservation.ts';
import { advance, refused, type Decision } from './transition.ts';
import type { ModelStep, Step } from './step.ts';
import { isFreed, type ParkCause, type Task } from './task.ts';

/** Holds back a call's worst case before it is made (I4), and renews the lease in the same write. */
export function reserveCall(task: Task, epoch: number, reservation: Reservation, now: number): Decision {
  return held(task, epoch, (mine) => advance(mine, { reservation, slot: undefined, state: renewed(mine, now) }));
}

/** Gives a reservation back when the call was surely not billed: it was refused or never left. */
export function releaseCall(task: Task, epoch: number): Decision {
  return held(task, epoch, (mine) =>
    mine.reservation ? advance(mine, { reservation: null }) : refused(mine, 'unchanged'),
  );
}

/** Charges a reservation whose call broke off or whose worker died: nobody knows whether it was billed (I3). */
export function forfeitCall(task: Task, epoch: number): Decision {
  return held(task, epoch, (mine) =>
    mine.reservation ? advance(chargeReservation(mine), {}) : refused(mine, 'unchanged'),
  );
}

/**
 * Makes a written step count: one write puts its epoch on the task's list and settles the true cost for the
 * reservation, so there is no moment in which a step is paid twice or not at all. The step may come from an earlier
 * epoch, whose worker wrote it but did not live to commit it: it finished, so it is not run again (I3).
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
 * Lets go of the task until `until`. Only a backoff spends an attempt: being throttled does not (I5),
 * nor does yielding for want of time. A request to cancel that came meanwhile ends it instead: parked, it would be forgotten.
 */
export function park(task: Task, epoch: number, cause: ParkCause, until: number, now: number): Decision {
  return held(task, epoch, (mine) => {
    if (mine.state.status === 'running' && mine.state.cancelRequested) return honourCancel(mine, epoch, now);
    return advance(mine, {
      attempts: mine.attempts + (cause === 'backoff' ? 1 : 0),
      state: { status: 'parked', cause, until },
    });
  });
}

/** Keeps the time that a parked task's next call was given, so that it need not ask again. */
export const withSlot = (decision: Decision, slot: Task['slot']): Decision =>
  decision.ok && decision.task.state.status === 'parked' && slot !== undefined
    ? { ...decision, task: { ...decision.task, slot } }
    : decision;

/** The sweeper sent the task's message anew: leave it alone for another while. */
export function requeue(task: Task, now: number): Decision {
  if (task.state.status === 'queued') {
    const resends = (task.state.resends ?? 0) + 1;
    return advance(task, { state: { status: 'queued', since: now, resends } });
  }
  if (task.state.status === 'parked' && (isFreed(task.state.cause) || task.state.until <= now))
    return advance(task, { state: { status: 'queued', since: now } });
  // The holder may be alive after all, so the claim is left as it is.
  if (task.state.status === 'running' && task.state.leaseUntil <= now) {
    const times = (task.state.resent?.times ?? 0) + 1;
    return advance(task, { state: { ...task.state, resent: { at: now, times } } });
  }
  return refused(task, 'unchanged');
}

/**
 * What a parked task waited for is there, and its message was sent. Where that message was quicker, and the task has
 * been claimed and parked anew since it was `seen`, it waits for another time to be freed.
 */
export function free(task: Task, seen: Pick<Task, 'epoch'>, now: number): Decision {
  const { state, epoch } = task;
  if (state.status !== 'parked' || epoch !== seen.epoch) return refused(task, 'unchanged');
  return advance(task, { state: { status: 'queued', since: now } });
}

/** A task that waits to be freed goes on waiting; the sweeper looks at it again in a minute, doubled with each look. */
export function waitOn(task: Task, looks: number, now: number): Decision {
  const { state } = task;
  if (state.status !== 'parked' || !isFreed(state.cause)) return refused(task, 'unchanged');
  return advance(task, { state: { ...state, until: Math.min(now, task.deadline), looks } });
}

/** A task's spend with an answered call more. */
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

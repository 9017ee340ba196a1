import type { HandOver } from '../agents/define-agent.ts';
import type { Reservation } from '../budgets/budget.ts';
import type { Amount } from '../budgets/day-budget.ts';
import type { Failure } from '../failures/failure.ts';
import { tokensOf } from '../models/price.ts';
import { spentOn } from './progress.ts';
import type { ParkDetail } from './park-cause.ts';
import { chargeReservation } from './reservation.ts';
import type { ModelStep } from './step.ts';
import { isTerminal, waitsForBatch, type Task } from './task.ts';
import { advance, refused, type Decision } from './transition.ts';

/**
 * Transitions of a task whose model call waits for a batch or is in one. No worker holds such a task. The batch id
 * identifies a late writer (I2), and each batch entry is a new epoch, under which its answer becomes the step.
 */

/** Puts the next call of a waiting task into a batch and reserves its worst case (I4). */
export function enterBatch(
  task: Task,
  batch: NonNullable<Task['batch']>,
  reservation: Omit<Reservation, 'epoch'>,
): Decision {
  if (isTerminal(task.state)) return refused(task, 'finished');
  if (!waitsForBatch(task)) return refused(task, 'unchanged');
  const epoch = task.epoch + 1;
  return advance(task, {
    epoch,
    batch,
    reservation: { ...reservation, epoch },
    state: { status: 'parked', cause: 'batch', until: batch.since },
  });
}

/** Keeps a waiting task out of batches until `until`: a day's budget has no room for its call before then, or its input is not here. */
export function postpone(task: Task, until: number): Decision {
  if (isTerminal(task.state)) return refused(task, 'finished');
  if (!waitsForBatch(task)) return refused(task, 'unchanged');
  return advance(task, { state: { status: 'parked', cause: 'batch', until: Math.min(until, task.deadline) } });
}

/** Records why a waiting task is left out of the batches that are being made. It stays due, and the next collector decides again. */
export function leaveOutOfBatches(task: Task, detail: ParkDetail): Decision {
  const { state } = task;
  if (isTerminal(state)) return refused(task, 'finished');
  if (state.status !== 'parked' || !waitsForBatch(task) || state.detail === detail) return refused(task, 'unchanged');
  return advance(task, { state: { ...state, detail } });
}

/** Fails a waiting task that no batch can complete. */
export function failWaiting(task: Task, failure: Failure, now: number): Decision {
  if (isTerminal(task.state)) return refused(task, 'finished');
  if (!waitsForBatch(task)) return refused(task, 'unchanged');
  return advance(task, { state: { status: 'failed', failure, finishedAt: now, notified: false } });
}

/** Ends a waiting task that code answered, so that no batch has to. */
export function answerWaiting(
  task: Task,
  { output, warnings }: { readonly output: unknown; readonly warnings: readonly string[] },
  handOver: HandOver | null,
  now: number,
): Decision {
  if (isTerminal(task.state)) return refused(task, 'finished');
  if (!waitsForBatch(task)) return refused(task, 'unchanged');
  const end = { output, finishedAt: now, notified: false } as const;
  if (handOver === null) return advance(task, { state: { ...end, status: 'succeeded', warnings: [...warnings] } });
  return advance(task, { state: { ...end, ...handOver, status: 'escalated' } });
}

/** Commits the stored answer of a batch entry as the task's step, at its true cost, and queues the task for a worker. */
export function commitBatched(task: Task, id: string, step: ModelStep, now: number): Decision {
  return inBatch(task, id, () =>
    advance(task, {
      steps: [...task.steps, step.epoch],
      attempts: 0,
      reservation: null,
      batch: undefined,
      spend: spentOn(isTakenOver(task) ? chargeReservation(task, costOf(step)).spend : task.spend, step),
      model: step.model,
      state: { status: 'queued', since: now, waited: { cause: 'batch', since: batchedSince(task), until: now } },
    }),
  );
}

/**
 * Whether the home of a task was taken over while its call lay in the batch. An earlier holder may have settled the batch too
 * and spent what the call did not cost, so all of the reservation stays charged (I4).
 */
const isTakenOver = ({ epoch, reservation }: Task): boolean => reservation !== null && reservation.epoch < epoch;

const costOf = ({ usd, usage }: ModelStep): Amount => ({ usd, tokens: tokensOf(usage) });

/** A task waits for its first batch from its acceptance on. */
const batchedSince = ({ steps, batch, createdAt }: Task): number =>
  steps.length === 0 ? createdAt : (batch?.since ?? createdAt);

export interface Return {
  /** When it may go into a batch again, in milliseconds. */
  readonly until: number;
  /** Whether the entry may have been billed; then its reservation stays charged. */
  readonly billed: boolean;
  /** Whether it failed there, which spends an attempt. @default false */
  readonly failed?: boolean;
}

/** Returns a task whose entry has no answer to waiting for another batch. */
export function leaveBatch(task: Task, id: string, { until, billed, failed = false }: Return): Decision {
  return inBatch(task, id, () =>
    advance(billed || isTakenOver(task) ? chargeReservation(task) : task, {
      attempts: task.attempts + (failed ? 1 : 0),
      reservation: null,
      batch: undefined,
      state: { status: 'parked', cause: 'batch', until: Math.min(until, task.deadline) },
    }),
  );
}

/** Fails a task whose entry the provider rejected, and therefore did not bill. */
export function failBatched(task: Task, id: string, failure: Failure, now: number): Decision {
  return inBatch(task, id, () =>
    advance(isTakenOver(task) ? chargeReservation(task) : task, {
      reservation: null,
      batch: undefined,
      state: { status: 'failed', failure, finishedAt: now, notified: false },
    }),
  );
}

function inBatch(task: Task, id: string, change: () => Decision): Decision {
  if (isTerminal(task.state)) return refused(task, 'finished');
  return task.batch?.id === id ? change() : refused(task, 'unchanged');
}

import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';
import type { Task } from '../tasks/task.ts';
import { NO_EPOCH } from './epoch.ts';
import { TASK_KEPT_DAYS } from './forgotten.ts';

/**
 * What must outlive the region that wrote it, however far replication lags: how a task ended, and how much of its budget
 * may be spent. It is stored in the same three plain tables as the lease, and holds once two of them granted it.
 * 1. Before a region writes to a task under a new epoch, it bars all earlier epochs in two tables. So a late writer finds
 *    at most one table that grants, and its end does not hold.
 * 2. Whoever bars reads in the same write what earlier epochs wrote. Any two tables share one, so it finds each end and
 *    each limit that may hold. It keeps the end, and takes the limit for spent.
 * 3. Nothing here depends on clocks: even if two regions held a home at once, a task would end once.
 *
 * It is Paxos for one value, in which the home's epoch is the ballot and the first epoch needs no first phase.
 */
export const pledgeSchema = storedRecord({
  /** Writers of lower epochs are rejected. */
  barred: z.number().int().nonnegative(),
  /** The epoch under which the value was written. Absent before the first write. */
  epoch: z.number().int().nonnegative().optional(),
  value: stored({
    /** Up to here the writer may spend, in US dollars, without asking again. */
    mayHaveSpent: z.number().nonnegative(),
    /** The task as it was accepted, where its acceptance must outlive the region. Kept under all later epochs. */
    accepted: z.unknown().optional(),
    /** The task's terminal state. Absent while it runs. */
    end: z.unknown().optional(),
    /** The task's version with that state. */
    version: z.number().int().nonnegative().optional(),
  }).optional(),
});

export interface PledgeValue {
  readonly mayHaveSpent: number;
  readonly accepted?: unknown;
  readonly end?: unknown;
  /**
   * The task's version with that end. An end is pledged before it is written, and the write may come too late: then the
   * same epoch goes on and pledges another end, of a higher version.
   */
  readonly version?: number | undefined;
}

export interface Pledge {
  readonly barred: number;
  readonly epoch: number;
  readonly value: PledgeValue;
}

/** How a pledge that does not exist is read. */
export const NO_PLEDGE: Pledge = { barred: NO_EPOCH, epoch: NO_EPOCH, value: { mayHaveSpent: 0 } };

/** A request to one table: one conditional write. */
export type PledgeRequest =
  | { readonly kind: 'bar'; readonly epoch: number }
  | { readonly kind: 'write'; readonly epoch: number; readonly value: PledgeValue };

/** A table's answer: what is stored now, and whether the request was granted. */
export interface PledgeAnswer {
  readonly granted: boolean;
  readonly pledge: Pledge;
}

/** Decides a request on what is stored. Requests may arrive late, twice and in any order. */
export function answerPledge(before: Pledge, request: PledgeRequest): PledgeAnswer {
  const { epoch } = request;
  if (epoch < before.barred) return { granted: false, pledge: before };
  if (request.kind === 'bar') return { granted: true, pledge: { ...before, barred: epoch } };
  if (isRival(before, request)) return { granted: false, pledge: before };
  const { accepted } = before.value;
  const value = grown(before.epoch === epoch ? before.value : { mayHaveSpent: 0, accepted }, request.value);
  return { granted: true, pledge: { ...before, barred: epoch, epoch, value } };
}

/**
 * Whether a table has another end of the same epoch and version. Only one of both writes of the task can follow, so the
 * first one is kept: else the task could end one way and the table remember the other.
 */
const isRival = (before: Pledge, { epoch, value }: Extract<PledgeRequest, { readonly kind: 'write' }>): boolean =>
  before.epoch === epoch &&
  before.value.end !== undefined &&
  value.end !== undefined &&
  apart(before.value, value) === 0 &&
  versionOf(before.value) === versionOf(value) &&
  JSON.stringify(before.value.end) !== JSON.stringify(value.end);

/**
 * Two writes of one epoch, in either order: what one has and the other lacks stays, and the end of the higher version, or
 * of the later task with the same key.
 */
function grown(one: PledgeValue, other: PledgeValue): PledgeValue {
  const [older, newer] = isNewer(one, other) ? [other, one] : [one, other];
  const kept = apart(one, other) === 0 ? older : {};
  return { ...kept, ...newer, mayHaveSpent: Math.max(one.mayHaveSpent, other.mayHaveSpent) };
}

const versionOf = ({ version = 0 }: PledgeValue): number => version;

const isNewer = (one: PledgeValue, other: PledgeValue): boolean => order(one, other) > 0;

const order = (one: PledgeValue, other: PledgeValue): number => apart(one, other) || versionOf(one) - versionOf(other);

/**
 * A pledge is kept for longer than its task, whose key may then be used again. An end that is so much older than a task is
 * that of an earlier one with the same key. A day less than an ended task is kept, since clocks differ.
 */
const OTHER_TASK_MS = (TASK_KEPT_DAYS - 1) * 86_400_000;

/** Whether an end is that of an earlier task with the same key, which has expired. */
export const isOfEarlierTask = (end: unknown, { createdAt }: Pick<Task, 'createdAt'>): boolean =>
  createdAt - finishedAtOf(end) >= OTHER_TASK_MS;

/** By how many milliseconds what was pledged for two tasks with one key differs. 0 if both may be of one task. */
function apart(one: PledgeValue, other: PledgeValue): number {
  const ms = timeOf(one) - timeOf(other);
  return Math.abs(ms) >= OTHER_TASK_MS ? ms : 0;
}

const timeOf = ({ end, accepted }: PledgeValue): number =>
  end === undefined ? (acceptedSchema.safeParse(accepted).data?.createdAt ?? NaN) : finishedAtOf(end);

const acceptedSchema = z.object({ createdAt: z.number() });

const endSchema = z.object({ finishedAt: z.number() });

const finishedAtOf = (end: unknown): number => endSchema.safeParse(end).data?.finishedAt ?? NaN;

/** Tables that must grant a request before it holds. */
export const PLEDGE_MAJORITY = 2;

/**
 * What earlier epochs may have promised, as far as it can hold: from the answers of two or more tables to a bar.
 * Only the end of the newest epoch counts: if an older one held, the newer epoch found it and kept it.
 */
export function foundPledge(answers: readonly Pledge[]): PledgeValue {
  const newestFirst = (a: Pledge, b: Pledge): number => b.epoch - a.epoch || order(b.value, a.value);
  const values = answers.toSorted(newestFirst).map(({ value }) => value);
  const mayHaveSpent = Math.max(0, ...values.map((value) => value.mayHaveSpent));
  const end = values.find((value) => value.end !== undefined)?.end;
  return end === undefined ? { mayHaveSpent } : { mayHaveSpent, end };
}

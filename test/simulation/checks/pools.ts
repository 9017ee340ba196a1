import type { Hold } from '#core/pools/pool.ts';
import type { Actor } from '../world/actor.ts';
import { same, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** What holds tasks: the pool, the fleet or their tenant. */
export interface PoolHistory {
  readonly pool: Hold;
  readonly what: string;
  /** Since when it has been in its state, in simulated milliseconds and in observations. */
  readonly since: number;
  readonly sinceObservation: number;
  /** Since when it has had its steps, in simulated milliseconds. */
  readonly rampSince: number;
}

/** A worker knows of a change so late. */
const KNOWN_AFTER_MS = 2_000;

/**
 * B: a pool that is paused, or whose breaker is open, begins nothing. The same holds for the fleet and for a tenant.
 * - B1 No claim that was made while it was paused or open, and had been for two seconds, begins a step.
 * - B2 While it is half open, only the claim of the task that tries begins one.
 * - B3 The sweeper sends nobody who waits for a paused pool.
 * - B4 In a step of a resume, the tasks that were claimed since and are at work are no more than the step allows.
 */
export function checkBegun({ history, before, after }: TaskWrite, { pool, what, since }: PoolHistory): void {
  const begins =
    after.reservation && !same(before.reservation, after.reservation) && history.begunEpoch !== after.epoch;
  if (!begins || since > history.claimedAt - KNOWN_AFTER_MS) return;
  const { state } = pool;
  expectThat(
    state.status !== 'paused' && state.status !== 'open',
    'B1',
    () => `${history.alias} begins a step while ${what} is ${state.status}`,
  );
  expectThat(
    state.status !== 'half-open' || state.probe.taskId === after.id,
    'B2',
    () => `${history.alias} begins a step while another task tries the pool`,
  );
}

/** @param now milliseconds since the epoch, by a true clock @param atWork others for which the same step counts */
export function checkStep(
  { history, before, after }: TaskWrite,
  { pool: { ramp }, what, rampSince }: PoolHistory,
  now: number,
  atWork: readonly History[],
): void {
  const begins =
    after.reservation && !same(before.reservation, after.reservation) && history.begunEpoch !== after.epoch;
  const step = ramp?.steps.find(({ until }) => now < until);
  const [all] = Object.values(ramp?.of ?? {});
  const isNew = ({ claimedAt }: History): boolean => claimedAt >= rampSince + KNOWN_AFTER_MS;
  if (!begins || !step || all === undefined || !isNew(history)) return;
  const most = Math.max(1, Math.ceil((all * step.percent) / 100));
  const others = atWork.filter(isNew);
  expectThat(others.length < most, 'B4', () => `${others.length + 1} tasks are at work while ${what} allows ${most}`);
}

export function checkSentBack(
  { task: { state }, alias, restedAt }: History,
  by: Actor,
  { pool, what, sinceObservation }: PoolHistory,
): void {
  if (by.role !== 'sweeper' || state.status !== 'parked' || state.cause !== 'paused' || restedAt >= by.since) return;
  const closed = pool.state.status === 'paused' && sinceObservation < by.since;
  expectThat(!closed, 'B3', () => `${by.name} sends ${alias}, which waits for ${what}, which is paused`);
}

/** The same for those who ask whether they may begin. */
export function isSameState({ state: a }: Hold, { state: b }: Hold): boolean {
  const sameProbe = a.status !== 'half-open' || b.status !== 'half-open' || a.probe.taskId === b.probe.taskId;
  return a.status === b.status && sameProbe;
}

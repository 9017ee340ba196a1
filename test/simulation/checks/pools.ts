import type { Pool } from '#core/pools/pool.ts';
import type { Actor } from '../world/actor.ts';
import { same, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

export interface PoolHistory {
  readonly pool: Pool;
  /** Since when it has been in its state, in simulated milliseconds and in observations. */
  readonly since: number;
  readonly sinceObservation: number;
}

/** A worker knows of a change so late. */
const KNOWN_AFTER_MS = 2_000;

/**
 * B: a pool that is paused, or whose breaker is open, begins nothing.
 * - B1 No claim that was made while it was paused or open, and had been for two seconds, begins a step.
 * - B2 While it is half open, only the claim of the task that tries begins one.
 * - B3 The sweeper sends nobody who waits for a paused pool.
 */
export function checkBegun({ history, before, after }: TaskWrite, { pool, since }: PoolHistory): void {
  const begins =
    after.reservation && !same(before.reservation, after.reservation) && history.begunEpoch !== after.epoch;
  if (!begins || since > history.claimedAt - KNOWN_AFTER_MS) return;
  const { state } = pool;
  expectThat(
    state.status !== 'paused' && state.status !== 'open',
    'B1',
    () => `${history.alias} begins a step while its pool is ${state.status}`,
  );
  expectThat(
    state.status !== 'half-open' || state.probe.taskId === after.id,
    'B2',
    () => `${history.alias} begins a step while another task tries the pool`,
  );
}

export function checkSentBack(
  { task: { state }, alias, restedAt }: History,
  by: Actor,
  { pool, sinceObservation }: PoolHistory,
): void {
  if (by.role !== 'sweeper' || state.status !== 'parked' || state.cause !== 'paused' || restedAt >= by.since) return;
  const closed = pool.state.status === 'paused' && sinceObservation < by.since;
  expectThat(!closed, 'B3', () => `${by.name} sends ${alias}, which waits for a paused pool`);
}

/** The same for those who ask whether they may begin. */
export function isSameState({ state: a }: Pool, { state: b }: Pool): boolean {
  const sameProbe = a.status !== 'half-open' || b.status !== 'half-open' || a.probe.taskId === b.probe.taskId;
  return a.status === b.status && sameProbe;
}

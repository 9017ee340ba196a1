import type { Clock } from '../ports/clock.ts';
import type { PoolStore } from '../ports/pool-store.ts';
import { changePool } from './change.ts';
import { moveTo, type Hold, type Pool } from './pool.ts';
import type { Ramp } from './ramp.ts';

export interface PoolPorts {
  readonly pools: PoolStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** Tasks that wait come back so long after a resume by twos; then all is as before. */
const RESUMING_MS = 15 * 60_000;
/** Tasks that the first sweep after a resume sends; each further minute twice as many. */
const FIRST_BACK = 10;

/** Who pauses, and why. */
export interface Why {
  readonly reason: string;
  readonly by: string;
}

/** Stops a pool: what runs goes on to its end, nothing else begins. Pausing again changes the reason. */
export async function pausePool({ pools, clock }: PoolPorts, agent: string, why: Why): Promise<Pool> {
  const at = clock.now();
  return changePool(pools, agent, (pool) => moveTo(pool, { ...paused(pool, why, at), trouble: null }));
}

/** A hold that stops tasks. Its steps are over. */
export function paused({ state }: Hold, { reason, by }: Why, now: number): Hold {
  const pause = state.status === 'paused' ? state : { at: now };
  return { state: { ...pause, status: 'paused', reason, by }, ramp: undefined };
}

/**
 * Lets a paused pool, or one whose breaker is open, work again. New tasks run at once, those that waited come back
 * gradually. Resuming it again replaces its steps.
 * @param ramp the steps in which it works again @default none: with all its workers
 */
export async function resumePool({ pools, clock }: PoolPorts, agent: string, ramp?: Ramp): Promise<Pool> {
  return changePool(pools, agent, (pool) => {
    const next = resumed(pool, ramp, clock.now());
    return next && moveTo(pool, { ...next, trouble: null });
  });
}

/** A hold that lets tasks run, or null where nothing changes. */
export function resumed({ state, ramp: before }: Hold, ramp: Ramp | undefined, now: number): Hold | null {
  const runs = state.status === 'active' || state.status === 'resuming';
  if (!runs) return { state: { status: 'resuming', since: now }, ramp };
  return before === undefined && ramp === undefined ? null : { state, ramp };
}

/** How a pool is doing. */
export async function readPool({ pools }: Pick<PoolPorts, 'pools'>, agent: string): Promise<Pool> {
  return changePool(pools, agent, () => null);
}

/** How many of those that wait for the pool a sweep may send. */
export function mayComeBack({ state }: Pick<Hold, 'state'>, now: number): number {
  switch (state.status) {
    case 'active':
      return Infinity;
    case 'paused':
      return 0;
    case 'open':
      return now < state.until ? 0 : 1;
    case 'half-open':
      return now < state.probe.until ? 0 : 1;
    case 'resuming': {
      const since = now - state.since;
      return since > RESUMING_MS ? Infinity : FIRST_BACK * 2 ** Math.max(0, Math.floor(since / 60_000));
    }
  }
}

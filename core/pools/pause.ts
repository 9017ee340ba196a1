import type { Clock } from '../ports/clock.ts';
import type { PoolStore } from '../ports/pool-store.ts';
import { changePool } from './change.ts';
import { moveTo, type Pool } from './pool.ts';

export interface PoolPorts {
  readonly pools: PoolStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** Tasks that wait come back so long after a resume by twos; then all is as before. */
const RESUMING_MS = 15 * 60_000;
/** Tasks that the first sweep after a resume sends; each further minute twice as many. */
const FIRST_BACK = 10;

/** Stops a pool: what runs goes on to its end, nothing else begins. Pausing again changes the reason. */
export async function pausePool(
  { pools, clock }: PoolPorts,
  agent: string,
  { reason, by }: { readonly reason: string; readonly by: string },
): Promise<Pool> {
  const at = clock.now();
  return changePool(pools, agent, (pool) => {
    const pause = pool.state.status === 'paused' ? pool.state : { at };
    return moveTo(pool, { state: { ...pause, status: 'paused', reason, by }, trouble: null });
  });
}

/** Lets a paused pool, or one whose breaker is open, work again. New tasks run at once, those that waited come back gradually. */
export async function resumePool({ pools, clock }: PoolPorts, agent: string): Promise<Pool> {
  return changePool(pools, agent, (pool) => {
    if (pool.state.status === 'active' || pool.state.status === 'resuming') return null;
    return moveTo(pool, { state: { status: 'resuming', since: clock.now() }, trouble: null });
  });
}

/** How a pool is doing. */
export async function readPool({ pools }: Pick<PoolPorts, 'pools'>, agent: string): Promise<Pool> {
  return changePool(pools, agent, () => null);
}

/** How many of those that wait for the pool a sweep may send. */
export function mayComeBack({ state }: Pool, now: number): number {
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

import type { Pool } from '../pools/pool.ts';

/** The state of pools: one item each, written on condition of its version. */
export interface PoolStore {
  /** The newest state, strongly consistent; null for a pool that was never paused and never had failures. */
  get(agent: string): Promise<Pool | null>;
  /** The same, at most two seconds old. Every task and every call reads it. */
  view(agent: string): Promise<Pool | null>;
  /** Writes `next` if the stored version is still `next.version - 1`; version 1 only if none is stored. */
  write(next: Pool): Promise<'written' | 'conflict'>;
}

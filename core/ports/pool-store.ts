import type { Pool } from '../pools/pool.ts';

/** Whether pools work: one item each, written on condition of its version. */
export interface PoolStore {
  /** The newest state, strongly consistent; null for a pool that was never paused nor in trouble. */
  get(agent: string): Promise<Pool | null>;
  /** The same, at most two seconds old: what each task and each call asks. */
  view(agent: string): Promise<Pool | null>;
  /** Writes `next` if the stored version is still `next.version - 1`; version 1 only where nothing is. */
  write(next: Pool): Promise<'written' | 'conflict'>;
}

import type { Pace } from '../governor/pace.ts';

/** The pace of each model, one item shared by all workers. */
export interface GovernorStore {
  /** The newest pace, strongly consistent; null until one is written. */
  read(model: string): Promise<Pace | null>;
  /** Writes `next` if the stored version is still `next.version - 1`; version 1 where there is none. */
  replace(next: Pace): Promise<'replaced' | 'conflict'>;
}

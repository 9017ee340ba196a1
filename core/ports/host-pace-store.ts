import type { HostPace } from '../web/politeness.ts';

/** How each site may be asked, one item shared by all workers. */
export interface HostPaceStore {
  /** The newest pace, strongly consistent; null until one is written. */
  read(host: string): Promise<HostPace | null>;
  /** Writes `next` if the stored version is still `next.version - 1`; version 1 where there is none. */
  replace(next: HostPace): Promise<'replaced' | 'conflict'>;
}

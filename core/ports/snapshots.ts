import type { Snapshot } from '../web/snapshot.ts';

/** What was fetched, by canonical URL and night. */
export interface Snapshots {
  /** The snapshot of a night, or the newest one before it. Null if there is none. */
  newest(url: string, night: string): Promise<Snapshot | null>;
  /** Stores a snapshot under its URL and night. */
  put(snapshot: Snapshot): Promise<void>;
}

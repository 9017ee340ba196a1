import type { EntryPlace } from '../audit/entry.ts';

/** The stored content at an entry's location. It is not trusted until it is verified. */
export interface KeptEntry {
  readonly place: EntryPlace;
  /** As it was written first. */
  readonly text: string;
  /** How often the location was written: once, unless the entry was replaced. */
  readonly versions: number;
  /** Whether it was deleted. Only a request for versions still shows it. */
  readonly deleted: boolean;
}

/** Reads a trail in order to verify it. Throws when the trail does not exist or may not be read. */
export interface AuditReader {
  /** Ids of all tasks that have entries. */
  tasks(): AsyncIterable<string>;
  /** All that is kept of a task, in no order; empty where there is nothing. */
  read(taskId: string): Promise<readonly KeptEntry[]>;
  /** The same, or null if there are more than `most` entries. Reads none of them then. */
  readAtMost(taskId: string, most: number): Promise<readonly KeptEntry[] | null>;
}

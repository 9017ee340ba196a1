import type { EntryPlace } from '../audit/entry.ts';

/** What the trail holds at the place of an entry. Nothing vouches for it until it is verified. */
export interface KeptEntry {
  readonly place: EntryPlace;
  /** As it was written first. */
  readonly text: string;
  /** How often something was written there: once, unless somebody replaced it. */
  readonly versions: number;
  /** Whether somebody deleted it, so that only who asks for versions still sees it. */
  readonly deleted: boolean;
}

/** What is in a trail, for who verifies it. Throws where the trail is not there or may not be read. */
export interface AuditReader {
  /** Ids of all tasks that have entries. */
  tasks(): AsyncIterable<string>;
  /** All that is kept of a task, in no order; empty where there is nothing. */
  read(taskId: string): Promise<readonly KeptEntry[]>;
}

import type { HandledId, SubjectItem } from '../streams/subject-item.ts';

/** An event without a number: its source and id. */
export type EventName = readonly [source: string, id: string];

/** What a stream's router remembers, one item per subject. */
export interface SubjectStore {
  /** The newest items, strongly consistent, of those subjects that have one. Throws if one is unreadable. */
  getMany(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectItem>>;
  /** Writes an item if the stored one has the version before: none if it is version 1. */
  write(subject: string, item: SubjectItem): Promise<'written' | 'refused'>;
  /** Writes ids that leave a subject's item to items of their own. Writing them again changes nothing. */
  spill(subject: string, ids: readonly HandledId[], expiresAt: number): Promise<void>;
  /** Those of the names that were spilled, strongly consistent. */
  spilled(subject: string, names: readonly EventName[]): Promise<readonly EventName[]>;
  /** Subjects with an effect that is due by this time. May lag behind by seconds. */
  waiting(dueBy: number): AsyncIterable<string>;
}

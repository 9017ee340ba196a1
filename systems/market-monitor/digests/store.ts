import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import type { Digest } from './digest.ts';
import type { Finding } from './finding.ts';

/** A digest as it was made: written once. */
export const digestRecordSchema = storedRecord({
  portfolio: z.string(),
  period: z.string(),
  revision: z.number().int().positive(),
  /** By the time of the events, of a day that is played. */
  madeAt: z.number(),
  /** The same by the clock. An earlier release did not write it. */
  clockAt: z.number().optional(),
  /** Short names of the findings that it counts, so that a later one does not count them again. Of an hour only. */
  included: z.array(z.string()),
  /** The digest, of the release that made it. */
  digest: z.unknown(),
});
export type DigestRecord = z.infer<typeof digestRecordSchema> & { digest: Digest };

/** Hours that no longer take findings, from one to another, such as `2026-11-27T14`. */
const rangeSchema = stored({ from: z.string(), hour: z.string() });

/** How far the digests of a portfolio have come. */
export const closedSchema = storedRecord({
  version: z.number().int().positive(),
  /** By the clock. Absent: no hour was closed by it. */
  live: rangeSchema.optional(),
  /** Of the last day that was played, by the time of its events. */
  played: rangeSchema.optional(),
  /** The last session whose digest was begun, such as `2026-11-27-close`. */
  session: z.string().optional(),
  /** Periods that are closed and whose digest has not reached its readers, the oldest first. Absent: none. */
  waiting: z.array(z.string()).optional(),
});
export type Closed = z.infer<typeof closedSchema>;

export interface FindingStore {
  /** Writes a finding once, in the hour of its event. */
  put(finding: Finding): Promise<void>;
  /** Says that a finding came after the digest of its hour, for the digest of this hour. */
  putLate(finding: Finding, hour: string): Promise<void>;
  /** Findings of an hour. Strongly consistent. */
  of(portfolio: string, hour: string): Promise<Finding[]>;
  /** Findings of earlier hours that came late, for the digest of this hour. */
  lateFor(portfolio: string, hour: string): Promise<Finding[]>;
}

export interface DigestStore {
  /** Null: no digest was made. Strongly consistent. */
  closed(portfolio: string): Promise<Closed | null>;
  /** Writes the next version, if the stored one is the version before it. */
  close(portfolio: string, closed: Closed): Promise<'written' | 'refused'>;
  /** Writes a digest once. `refused`: there is one. */
  put(record: DigestRecord): Promise<'written' | 'refused'>;
  get(portfolio: string, period: string): Promise<DigestRecord | null>;
}

/** The last closed hour of the hours that this one is among. Null: it still takes findings. */
export function closedThrough({ live, played }: Pick<Closed, 'live' | 'played'>, hour: string): string | null {
  const range = [live, played].find((each) => each !== undefined && hour >= each.from && hour <= each.hour);
  return range?.hour ?? null;
}

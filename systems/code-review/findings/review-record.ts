import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SCHEMA, stored, storedRecord } from '#core/stored/record.ts';
import type { ChangedFile } from '../change/changed-file.ts';
import { sideSchema } from '../change/hunk.ts';
import { ruleSchema, severitySchema, SPECIALISTS } from './finding.ts';
import { verdictSchema, type Policy } from './verdict.ts';

const earlierFindingSchema = stored({
  key: z.string().min(1),
  agent: z.enum(SPECIALISTS),
  also: z.array(z.enum(SPECIALISTS)).optional(),
  rule: ruleSchema,
  severity: severitySchema,
  confidence: z.number(),
  message: z.string(),
  suggestion: z.string().optional(),
  file: z.string(),
  side: sideSchema,
  startLine: z.number().int().positive(),
  line: z.number().int().positive(),
  quote: z.string(),
  /** Which of the equal places in the file it is, from 0. */
  place: z.number().int().nonnegative(),
});
export type EarlierFinding = z.infer<typeof earlierFindingSchema>;

/** What a later review of the same pull request needs of this one. It may exceed an item of DynamoDB. */
export const reviewRecordSchema = storedRecord({
  head: z.string(),
  verdict: verdictSchema,
  /** The rules by which it was made, see `rulesDigest`. Other rules: every file is read again. */
  rules: z.string(),
  findings: z.array(earlierFindingSchema),
  /** The files that all their specialists have read in full, by this review or one before. */
  files: z.array(stored({ path: z.string(), digest: z.string() })),
});
export type ReviewRecord = z.infer<typeof reviewRecordSchema>;

/** Reads a stored record. Null when this release cannot: then every file is read again. */
export function readReviewRecord(value: unknown): ReviewRecord | null {
  const { success, data } = reviewRecordSchema.safeParse(value);
  return success && (data.schema ?? SCHEMA) <= SCHEMA ? data : null;
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

/**
 * A digest of what a specialist reads of a file: its changed lines, those around them, and those of their function, so
 * that lines which move into another function are read again. Line numbers do not count, so a rebase may keep it.
 */
export const digestOf = ({ hunks }: ChangedFile): string => digest(hunks.map(({ context, lines }) => [context, lines]));

export interface ReviewRules {
  readonly policy: Policy;
  /** The versions of the supervisor and the specialists, by their names. */
  readonly agents: Readonly<Record<string, string>>;
  /** The rules of the repository that the specialists read; null without any. */
  readonly guidance: string | null;
}

/** A digest of what a review depends on besides the change. */
export const rulesDigest = ({ policy, agents, guidance }: ReviewRules): string =>
  digest([sorted(policy), sorted(agents), guidance]);

const sorted = (record: object): unknown => Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));

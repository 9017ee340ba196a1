import { z } from 'zod';
import { claimSchema } from '../claims/claim.ts';
import { threatScoreSchema } from '../score/score.ts';
import { keptMoveSchema } from '../strategy/move.ts';
import { scoresSchema } from './trend.ts';

/** What became of a company in a night. */
export const COMPANY_STATES = [
  /** An analyst read what changed. */
  'researched',
  /** Nothing changed, so no model was called. */
  'unchanged',
  /** What could be read did not change, but a source of it could not be read. */
  'incomplete',
  /** No document could be fetched. */
  'not-reached',
  /** There are documents that changed, but nobody could read them: throttled, too late, not paid for. */
  'unchecked',
  /** Nobody knows a website of it. */
  'unknown',
] as const;
export const companyStateSchema = z.enum(COMPANY_STATES);
export type CompanyState = z.infer<typeof companyStateSchema>;

/** What is remembered of a company over all nights. */
export const companyMemorySchema = z.object({
  id: z.string(),
  name: z.string(),
  claims: z.array(claimSchema),
  /** What a single news site told: no news until somebody else tells it. */
  unconfirmed: z.array(claimSchema).default([]),
  /** Its moves against others, each with the night that saw it. */
  moves: z.array(keptMoveSchema).default([]),
  scores: scoresSchema,
  /** By URL the digest of the text that an analyst last read there. */
  read: z.record(z.string(), z.string()).default({}),
});
export type CompanyMemory = z.infer<typeof companyMemorySchema>;

/** What a night says of a company: a row of its brief. */
export const nightRowSchema = z.object({
  night: z.string(),
  id: z.string(),
  name: z.string(),
  sector: z.string().nullable(),
  state: companyStateSchema,
  /** Why it is not researched. */
  reason: z.string().optional(),
  threat: threatScoreSchema,
  /** Its scores of the last 30 nights, tonight's last. Nights without a score are not in it. */
  trend: scoresSchema.default([]),
  fresh: z.array(claimSchema),
  changed: z.array(z.object({ claim: claimSchema, before: claimSchema })),
  contradictions: z.array(z.object({ a: claimSchema, b: claimSchema })),
  /** Claims of earlier nights that the largest parts of the score rest on. */
  evidence: z.array(claimSchema).default([]),
  /** Claims known from earlier nights. */
  known: z.number().int(),
  documents: z.number().int(),
  failures: z.array(z.object({ url: z.string(), reason: z.string(), unread: z.literal(true).optional() })),
  warnings: z.array(z.string()),
  usd: z.number(),
});
export type NightRow = z.infer<typeof nightRowSchema>;

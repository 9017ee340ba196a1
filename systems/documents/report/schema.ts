import { z } from 'zod';
import { usageSchema } from '#core/models/price.ts';
import { clauseSchema, contractSchema, riskSchema } from '../agents/contract.ts';

/** Raised when a reader of report.json would have to change. */
export const SCHEMA_VERSION = 1;

/** `verified: false` marks a quote that the document does not hold word for word on the page named. */
const verified = z.boolean().default(true);

/** What an analysis says: the agent's answer, its findings flagged. */
export const analysisSchema = contractSchema.extend({
  clauses: z.array(clauseSchema.extend({ verified })),
  risks: z.array(riskSchema.extend({ verified })),
});

const rowShape = {
  /** The document's path relative to the uploaded folder. */
  file: z.string(),
  /** Null when the document never became a task. */
  taskId: z.string().nullable(),
  agent: z.string(),
  agentVersion: z.string(),
  /** Null when no model was asked. */
  model: z.string().nullable(),
  modelCalls: z.number().int().nonnegative(),
  /** What this run paid for the document: nothing for a duplicate or a reused result. */
  tokens: usageSchema,
  usd: z.number().nonnegative(),
  /** What prompt caching saved of it; absent in reports made before it was counted. */
  savedUsd: z.number().optional(),
  /** From acceptance to the end, waiting included; null without an ended task. */
  seconds: z.number().nonnegative().nullable(),
  /** The first file with the very same bytes, whose result this row repeats. */
  duplicateOf: z.string().optional(),
  /** The result is from an earlier run. */
  reused: z.literal(true).optional(),
};

const succeededSchema = analysisSchema.extend({
  ...rowShape,
  status: z.literal('succeeded'),
  /** What a reader should know about the analysis. */
  warnings: z.array(z.string()),
});
export type SucceededRow = z.infer<typeof succeededSchema>;

const failedSchema = z.object({
  ...rowShape,
  status: z.literal('failed'),
  /** A code that stays the same while the sentence may change. */
  reasonCode: z.string(),
  /** One sentence: what is wrong and what to do. */
  reason: z.string(),
});
export type FailedRow = z.infer<typeof failedSchema>;

export const documentRowSchema = z.discriminatedUnion('status', [succeededSchema, failedSchema]);
export type DocumentRow = z.infer<typeof documentRowSchema>;

const count = z.number().int().nonnegative();

export const totalsSchema = z.object({
  documents: count,
  succeeded: count,
  failed: count,
  modelCalls: count,
  tokens: usageSchema,
  usd: z.number().nonnegative(),
  /** What prompt caching saved of it: what the same tokens would have cost as plain input, less what they did. */
  savedUsd: z.number().optional(),
  /** Upper bound of what calls that broke off may be billed beside `usd`. */
  unsettledUsd: z.number().nonnegative(),
  duplicates: count,
  reused: count,
  /** Quotes marked `verified: false`. */
  unverifiedQuotes: count,
  /** How many documents failed for each reasonCode. */
  failuresByReason: z.record(z.string(), count),
});

/** report.json; docs/report-schema.md says it in words. */
export const reportSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  runId: z.string(),
  uploadId: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  /** Set when the run broke off before every document had its turn. */
  brokeOff: z.string().optional(),
  totals: totalsSchema,
  documents: z.array(documentRowSchema),
});
export type Report = z.infer<typeof reportSchema>;

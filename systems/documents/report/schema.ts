import { z } from 'zod';
import { usageSchema } from '#core/models/price.ts';
import { clauseSchema, contractSchema, riskSchema } from '../agents/contract.ts';

/** Increases only when readers of report.json must change. */
export const SCHEMA_VERSION = 1;

/** `verified: false` marks a quote that is not on the given page of the document word for word. */
const verified = z.boolean().default(true);
/** Why a quote is not verified, if its words may be in the document: its page is a scan. */
const unverifiedBecause = z.literal('scanned').optional().catch(undefined);

/** The agent's analysis, with `verified` on each clause and risk. */
export const analysisSchema = contractSchema.extend({
  clauses: z.array(clauseSchema.extend({ verified, unverifiedBecause })),
  risks: z.array(riskSchema.extend({ verified, unverifiedBecause })),
});

const rowShape = {
  /** Path relative to the uploaded folder. */
  file: z.string(),
  /** Null if the document never became a task. */
  taskId: z.string().nullable(),
  agent: z.string(),
  agentVersion: z.string(),
  /** The model that answered. Null if none was called. */
  model: z.string().nullable(),
  modelCalls: z.number().int().nonnegative(),
  /** What this run paid for the document. 0 for a duplicate or a reused result. */
  tokens: usageSchema,
  usd: z.number().nonnegative(),
  /** What prompt caching saved. Absent in old reports, from before it was counted. */
  savedUsd: z.number().optional(),
  /** From acceptance to end, including waiting. Null if there is no ended task. */
  seconds: z.number().nonnegative().nullable(),
  /** The first file with the same bytes. This row repeats its result. */
  duplicateOf: z.string().optional(),
  /** The result comes from an earlier run. */
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
  /** A stable code. The wording of `reason` may change. */
  reasonCode: z.string(),
  /** What is wrong and what to do. */
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
  /** What prompt caching saved: the cost of the same tokens as plain input, minus their actual cost. */
  savedUsd: z.number().optional(),
  /** The most that interrupted calls may be billed in addition to `usd`. */
  unsettledUsd: z.number().nonnegative(),
  duplicates: count,
  reused: count,
  /** Quotes marked `verified: false`. */
  unverifiedQuotes: count,
  /** Failed documents by `reasonCode`. */
  failuresByReason: z.record(z.string(), count),
});

/** report.json. docs/report-schema.md describes it. */
export const reportSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  runId: z.string(),
  uploadId: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  /** Set if the run ended before every document was processed: why. */
  brokeOff: z.string().optional(),
  totals: totalsSchema,
  documents: z.array(documentRowSchema),
});
export type Report = z.infer<typeof reportSchema>;

import { z } from 'zod';
import { faultSchema } from '../options.ts';

/** Source: the Message Batches guide, "Batch limitations". */
const MAX_REQUESTS = 100_000;

const entrySchema = z.strictObject({
  custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'String should match pattern ^[a-zA-Z0-9_-]{1,64}$'),
  /** Validated when the entry is processed, as in the real API: invalid params give an errored result. */
  params: z.record(z.string(), z.unknown()),
});
export type Entry = z.output<typeof entrySchema>;

/** The body of POST /v1/messages/batches. */
export const createSchema = z.strictObject({
  requests: z
    .array(entrySchema)
    .min(1, 'at least one request is required')
    .max(MAX_REQUESTS, `at most ${MAX_REQUESTS} requests are allowed`)
    .superRefine((entries, context) => {
      const seen = new Set<string>();
      entries.forEach(({ custom_id }, index) => {
        if (seen.has(custom_id))
          context.addIssue({ code: 'custom', path: [index, 'custom_id'], message: `Duplicate custom_id ${custom_id}` });
        seen.add(custom_id);
      });
    }),
});

/** The result of an entry. */
export const resultSchema = z.object({
  custom_id: z.string(),
  result: z.looseObject({ type: z.enum(['succeeded', 'errored', 'canceled', 'expired']) }),
});
export type Result = z.output<typeof resultSchema>;

/** A batch without its entries. Times are milliseconds since the epoch. */
export const batchSchema = z.object({
  id: z.string(),
  /** Orders batches that were created within the same millisecond. */
  number: z.number(),
  apiKey: z.string(),
  createdAt: z.number(),
  /** When it is processed. */
  dueAt: z.number(),
  expiresAt: z.number(),
  cancelledAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** A fault that all its answers get. */
  fault: faultSchema.nullable(),
});
export type Batch = z.output<typeof batchSchema>;

/** A batch with its entries and results. */
export interface BatchJob {
  batch: Batch;
  readonly entries: readonly Entry[];
  readonly results: Result[];
}

/** A batch as the API returns it. The counts change only once it has ended. */
export function shown({ batch, entries, results }: BatchJob, origin: string): Record<string, unknown> {
  const ended = batch.endedAt !== null;
  const counts = { processing: ended ? 0 : entries.length, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  if (ended) for (const { result } of results) counts[result.type] += 1;
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: ended ? 'ended' : batch.cancelledAt === null ? 'in_progress' : 'canceling',
    request_counts: counts,
    created_at: new Date(batch.createdAt).toISOString(),
    expires_at: new Date(batch.expiresAt).toISOString(),
    cancel_initiated_at: batch.cancelledAt === null ? null : new Date(batch.cancelledAt).toISOString(),
    ended_at: batch.endedAt === null ? null : new Date(batch.endedAt).toISOString(),
    archived_at: null,
    results_url: ended ? `${origin}/v1/messages/batches/${batch.id}/results` : null,
  };
}

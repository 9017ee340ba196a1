import { z } from 'zod';
import { cloudEventSchema } from '#core/streams/cloud-event.ts';
import { stored } from '#core/stored/record.ts';

const severity = z.enum(['urgent', 'warning', 'info']);

/** A match as it waits in the outbox of its subject. */
export const matchSchema = stored({
  id: z.string(),
  portfolio: z.string(),
  rule: z.string(),
  rulesVersion: z.number().int(),
  severity,
  subject: z.string(),
  ticker: z.string(),
  cause: z.string(),
  title: z.string(),
  values: z.record(z.string(), z.number()),
  atStakeUsd: z.number(),
  event: stored({ source: z.string(), id: z.string(), type: z.string(), time: z.string() }),
  arrivedAt: z.number(),
  late: z.boolean(),
  agent: z.string().nullable(),
  step: z.number().exactOptional(),
  resolves: z.boolean().exactOptional(),
});

/**
 * What the router does after the subject is written. `match`: alert, finding, task. `publish`: an event of its own, with
 * its subject as the partition key.
 */
export const effectSchema = z.discriminatedUnion('kind', [
  stored({
    kind: z.literal('match'),
    id: z.string(),
    match: matchSchema,
    /** Words of the event, for an analyst: with the first match of each. Written by strangers. */
    text: z.string().optional(),
  }),
  stored({ kind: z.literal('publish'), id: z.string(), event: cloudEventSchema }),
]);
export type Effect = z.infer<typeof effectSchema>;

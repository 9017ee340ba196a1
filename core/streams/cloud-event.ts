import { z } from 'zod';

/** Longest id, source, type or subject. */
const MAX_NAME = 256;
const name = z.string().min(1).max(MAX_NAME);

/**
 * An event in the JSON format of CloudEvents 1.0.2 (https://github.com/cloudevents/spec, cloudevents/spec.md). `source`
 * and `id` are its identity: "Consumers MAY assume that Events with identical source and id are duplicates." Unknown
 * attributes are kept, as the specification asks.
 */
export const cloudEventSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: name,
  source: name,
  /** What happened, and the version of its data, such as `market.bar.v1`. */
  type: name,
  /** What it happened to. Events of one subject are handled in order. */
  subject: name,
  /** When it happened. */
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json').optional(),
  /** Extension `sequence`: digits. Of one source and subject it grows by one with each event. */
  sequence: z
    .string()
    .regex(/^\d{1,18}$/, 'must be 1 to 18 digits')
    .optional(),
  /** Extension `expirytime`: after it the event is of no use. */
  expirytime: z.iso.datetime({ offset: true }).optional(),
  /** Extension `traceparent`, as in W3C Trace Context. */
  traceparent: z.string().max(MAX_NAME).optional(),
  data: z.unknown(),
});

export type CloudEvent = z.infer<typeof cloudEventSchema>;

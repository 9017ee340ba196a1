import { z } from 'zod';

/** A span as it is kept here, of either form of OTLP. */
export const spanSchema = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  name: z.string(),
  /** SpanKind of OTLP: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: z.number().int(),
  /** Milliseconds since 1970. */
  startMs: z.number(),
  endMs: z.number(),
  /** StatusCode of OTLP: 0 unset, 1 ok, 2 error. */
  status: z.number().int(),
  attributes: z.record(z.string(), z.unknown()),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })),
  /** `service.name` of its resource. */
  service: z.string(),
});
export type StoredSpan = z.infer<typeof spanSchema>;

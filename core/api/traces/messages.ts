import { z } from 'zod';

const ms = z.number().describe('Milliseconds since 1970.');

const spanSchema = z.object({
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z
    .string()
    .describe(
      'Such as `POST /tasks`, `queued`, `parked throttled`, `invoke_agent NAME`, `chat MODEL`, `execute_tool TOOL`.',
    ),
  kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
  startMs: ms,
  endMs: ms,
  status: z.enum(['unset', 'ok', 'error']),
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('Names of OpenTelemetry’s conventions, and `fleet.` for others. Never prompts, documents or outputs.'),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).optional(),
});
export type SpanView = z.infer<typeof spanSchema>;

/** The trace of a task. */
export const traceViewSchema = z.object({
  traceId: z.string().describe('As W3C Trace Context and OpenTelemetry write it.'),
  spans: z.array(spanSchema).describe('Earliest first. Empty for a trace that was not sampled.'),
  truncated: z.literal(true).optional().describe('Whether there are more spans than these 2,000.'),
  asOf: z.iso
    .datetime()
    .describe(
      'When it was read. Of a task that has not ended, what it does now is a span with `fleet.open` that ends at this time. The calls of a turn follow when the turn ends.',
    ),
});
export type TraceView = z.infer<typeof traceViewSchema>;

import { z } from 'zod';
import { spanSchema, type StoredSpan } from './span.ts';

/** An `AnyValue` of OTLP in JSON. */
const anyValue = z.object({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
  doubleValue: z.number().optional(),
  arrayValue: z.object({ values: z.array(z.unknown()).default([]) }).optional(),
});
const attributes = z.array(z.object({ key: z.string(), value: anyValue })).default([]);
const nanoseconds = z
  .union([z.string().regex(/^\d+$/), z.number()])
  .transform((text) => Number(BigInt(text) / 1_000n) / 1_000);
const id = z.string().transform((text) => text.toLowerCase());

const requestSchema = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes }).optional(),
        scopeSpans: z.array(z.object({ spans: z.array(z.unknown()).default([]) })).default([]),
      }),
    )
    .default([]),
});

const jsonSpanSchema = z.object({
  traceId: id,
  spanId: id,
  parentSpanId: id.optional(),
  name: z.string(),
  kind: z.number().int().default(1),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  links: z.array(z.object({ traceId: id, spanId: id })).default([]),
  status: z.object({ code: z.number().int().default(0) }).default({ code: 0 }),
});

/** Reads an `ExportTraceServiceRequest` in JSON. Spans that are not valid are left out. Throws `ZodError` for other JSON. */
export const spansInJson = (request: unknown): StoredSpan[] =>
  requestSchema.parse(request).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const named = attributesOf(resource?.attributes ?? [])['service.name'];
    const service = typeof named === 'string' ? named : 'unknown_service';
    return scopeSpans.flatMap(({ spans }) => spans.flatMap((span) => readSpan(span, service) ?? []));
  });

function readSpan(given: unknown, service: string): StoredSpan | undefined {
  const parsed = jsonSpanSchema.safeParse(given);
  if (!parsed.success) return undefined;
  const { startTimeUnixNano: startMs, endTimeUnixNano: endMs, status, parentSpanId, ...span } = parsed.data;
  const parent = parentSpanId === undefined || parentSpanId === '' ? {} : { parentSpanId };
  const read = {
    ...span,
    ...parent,
    attributes: attributesOf(span.attributes),
    startMs,
    endMs,
    status: status.code,
    service,
  };
  return spanSchema.safeParse(read).data;
}

const attributesOf = (pairs: z.output<typeof attributes>): Record<string, unknown> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)]));

function valueOf({ stringValue, boolValue, intValue, doubleValue, arrayValue }: z.output<typeof anyValue>): unknown {
  if (arrayValue !== undefined) return arrayValue.values.map((value) => valueOf(anyValue.catch({}).parse(value)));
  return stringValue ?? boolValue ?? (intValue === undefined ? doubleValue : Number(intValue));
}

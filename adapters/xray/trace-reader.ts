import { BatchGetTracesCommand, XRayClient, type Trace } from '@aws-sdk/client-xray';
import { z } from 'zod';
import type { Attributes, SpanKind } from '#core/ports/tracer.ts';
import type { KeptSpan, TraceReader } from '#core/ports/trace-reader.ts';
import { parseXrayHeader, xrayTraceId } from '#core/tracing/traceparent.ts';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';
import { orThrottled } from '../aws/throttled.ts';

const xray = once(() => new XRayClient({ maxAttempts: 3, requestHandler: timeouts({ requestTimeout: 10_000 }) }));

/** Pages of a trace. X-Ray keeps 500 kB of segments of each. */
const MAX_PAGES = 20;

/** What of a segment document is read. https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html */
const documentSchema = z.object({
  id: z.string(),
  parent_id: z.string().optional(),
  name: z.string().catch(''),
  start_time: z.number(),
  end_time: z.number().optional(),
  type: z.string().optional(),
  namespace: z.string().optional(),
  fault: z.boolean().optional(),
  error: z.boolean().optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
  metadata: z.record(z.string(), z.record(z.string(), z.unknown()).catch({})).optional(),
  links: z.array(z.object({ trace_id: z.string(), id: z.string() })).optional(),
  subsegments: z.array(z.unknown()).optional(),
});
type Document = z.output<typeof documentSchema>;

/** Traces from X-Ray. A document that cannot be read is left out. Throws `FailureError` (throttled). */
export function xrayTraceReader({ client = xray() }: { readonly client?: XRayClient } = {}): TraceReader {
  return {
    async read(traceId) {
      const traces: Trace[] = [];
      let NextToken: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const command = new BatchGetTracesCommand({ TraceIds: [xrayTraceId(traceId)], NextToken });
        const answer = await orThrottled('X-Ray', () => client.send(command));
        traces.push(...(answer.Traces ?? []));
        NextToken = answer.NextToken;
        if (NextToken === undefined || NextToken === '') break;
      }
      const segments = traces.flatMap(({ Segments = [] }) => Segments);
      return segments.flatMap(({ Document: text = '' }) => spansIn(json(text)));
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function spansIn(value: unknown, parentSpanId?: string): readonly KeptSpan[] {
  const parsed = documentSchema.safeParse(value);
  if (!parsed.success) return [];
  const { data } = parsed;
  return [spanOf(data, parentSpanId), ...(data.subsegments ?? []).flatMap((inner) => spansIn(inner, data.id))];
}

function spanOf(document: Document, parent: string | undefined): KeptSpan {
  const { id, name, start_time: start, end_time: end = start, fault, error, links } = document;
  const { 'otel.span.kind': kind, 'otel.resource.service.name': _, ...attributes } = attributesOf(document);
  const parentSpanId = document.parent_id ?? parent;
  return {
    spanId: id,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name,
    kind: KINDS[Number(kind ?? -1)] ?? kindOf(document),
    startMs: Math.round(start * 1e6) / 1e3,
    endMs: Math.round(end * 1e6) / 1e3,
    status: fault === true || error === true ? 'error' : 'unset',
    attributes,
    ...(links && { links: links.map((link) => ({ traceId: w3cId(link.trace_id), spanId: link.id })) }),
  };
}

/** By their numbers in OTLP. */
const KINDS: readonly (SpanKind | undefined)[] = [undefined, 'internal', 'server', 'client', 'producer', 'consumer'];

function kindOf({ type, namespace }: Document): SpanKind {
  if (namespace === 'remote') return 'client';
  return type === 'subsegment' ? 'internal' : 'server';
}

const w3cId = (id: string): string => parseXrayHeader(`Root=${id}`)?.traceId ?? id;

/** Names of ours that X-Ray writes otherwise, by which it may find segments: an annotation has no dots. */
const ANNOTATED = new Map(
  [
    'fleet.attempt',
    'fleet.callback.attempt',
    'fleet.cost.usd',
    'fleet.crashes',
    'fleet.deadline.used',
    'fleet.epoch',
    'fleet.outcome',
    'fleet.park.cause',
    'fleet.park.until',
    'fleet.run.id',
    'fleet.step.id',
    'fleet.task.id',
    'fleet.task.ms',
    'fleet.task.usd',
    'fleet.tenant',
    'gen_ai.agent.name',
    'gen_ai.conversation.id',
  ].map((name) => [name.replaceAll('.', '_'), name]),
);

/** Annotations and all metadata, as far as they are plain values, by the names that the spans were sent with. */
function attributesOf({ annotations, metadata = {} }: Document): Attributes {
  const all = [...Object.values(metadata), annotations ?? {}].flatMap((part) => Object.entries(part));
  return Object.fromEntries(
    all
      .filter((entry): entry is [string, string | number | boolean] =>
        ['string', 'number', 'boolean'].includes(typeof entry[1]),
      )
      .map(([name, value]) => [ANNOTATED.get(name) ?? name, value]),
  );
}

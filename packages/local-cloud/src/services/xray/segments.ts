import type { ServiceOutput } from '../service.ts';
import type { StoredSpan } from './span.ts';

const SERVER = 2;
const CLIENT = 3;
const CONSUMER = 5;
const ERROR = 2;

/** W3C's form of X-Ray's `1-67891233-abcdef012345678912345678`. */
export const w3cTraceId = (id: string): string => id.replace(/^1-/, '').replaceAll('-', '');

/** A trace as BatchGetTraces returns it, with one segment document for each span. */
export function traceOf(id: string, spans: readonly StoredSpan[]): ServiceOutput {
  const start = Math.min(...spans.map(({ startMs }) => startMs));
  const end = Math.max(...spans.map(({ endMs }) => endMs));
  return {
    Id: id,
    Duration: (end - start) / 1_000,
    LimitExceeded: false,
    Segments: spans.map((span) => ({ Id: span.spanId, Document: JSON.stringify(documentOf(id, span)) })),
  };
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html */
function documentOf(id: string, span: StoredSpan): object {
  const { spanId, parentSpanId, name, kind, startMs, endMs, status, attributes, links, service } = span;
  const isSegment = kind === SERVER || kind === CONSUMER;
  return {
    id: spanId,
    trace_id: id,
    ...(parentSpanId !== undefined && { parent_id: parentSpanId }),
    name,
    start_time: startMs / 1_000,
    end_time: endMs / 1_000,
    ...(status === ERROR && { fault: true }),
    ...(!isSegment && { type: 'subsegment' }),
    ...(kind === CLIENT && { namespace: 'remote' }),
    metadata: { default: { ...attributes, 'otel.resource.service.name': service, 'otel.span.kind': kind } },
    ...(links.length > 0 && { links: links.map((link) => ({ trace_id: link.traceId, id: link.spanId })) }),
  };
}

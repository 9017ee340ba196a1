import type { Span } from '#core/ports/tracer.ts';
import { SCOPE, type Resource } from './exporter.ts';
import { KINDS, nanoseconds, STATUSES } from './otlp-protobuf.ts';

/** Spans as an `ExportTraceServiceRequest` in OTLP's JSON: ids in hex, 64-bit numbers as text. */
export function otlpJson(resource: Resource, spans: readonly Span[]): object {
  const version = resource.version === undefined ? {} : { 'service.version': resource.version };
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': resource.service, ...version }) },
        scopeSpans: [{ scope: SCOPE, spans: spans.map(jsonSpan) }],
      },
    ],
  };
}

function jsonSpan(span: Span): object {
  const { traceId, spanId, parentSpanId, name, kind, startMs, endMs, attributes, status, links } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: String(nanoseconds(startMs)),
    endTimeUnixNano: String(nanoseconds(endMs)),
    attributes: attributesOf(attributes),
    ...(links !== undefined && { links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })) }),
    status: { code: STATUSES[status] },
  };
}

const attributesOf = (attributes: Span['attributes']): readonly object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));

function valueOf(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

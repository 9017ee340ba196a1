import type { Span, SpanKind, SpanStatus } from '#core/ports/tracer.ts';
import { SCOPE, type Resource } from './exporter.ts';
import { ProtobufWriter } from './protobuf.ts';

/** Numbers of the enums in opentelemetry/proto/trace/v1/trace.proto. */
export const KINDS: Readonly<Record<SpanKind, number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};
export const STATUSES: Readonly<Record<SpanStatus, number>> = { unset: 0, ok: 1, error: 2 };

/** Nanoseconds of a time in milliseconds, which may have decimals. */
export const nanoseconds = (ms: number): bigint => BigInt(Math.round(ms * 1_000)) * 1_000n;

/** Writes spans as an `ExportTraceServiceRequest` (opentelemetry-proto 1, fields by number). */
export function otlpProtobuf(resource: Resource, spans: readonly Span[]): Buffer {
  return new ProtobufWriter()
    .message(1, (resourceSpans) =>
      resourceSpans
        .message(1, (message) => {
          attribute(message, 1, 'service.name', resource.service);
          if (resource.version !== undefined) attribute(message, 1, 'service.version', resource.version);
        })
        .message(2, (scopeSpans) => {
          scopeSpans.message(1, (scope) => scope.text(1, SCOPE.name).text(2, SCOPE.version));
          for (const span of spans) scopeSpans.message(2, (message) => writeSpan(message, span));
        }),
    )
    .done();
}

function writeSpan(message: ProtobufWriter, span: Span): void {
  message.hex(1, span.traceId).hex(2, span.spanId);
  if (span.parentSpanId !== undefined) message.hex(4, span.parentSpanId);
  message
    .text(5, span.name)
    .varint(6, KINDS[span.kind])
    .fixed64(7, nanoseconds(span.startMs))
    .fixed64(8, nanoseconds(span.endMs));
  for (const [name, value] of Object.entries(span.attributes)) attribute(message, 9, name, value);
  for (const { traceId, spanId } of span.links ?? [])
    message.message(13, (link) => link.hex(1, traceId).hex(2, spanId));
  if (span.status !== 'unset') message.message(15, (status) => status.varint(3, STATUSES[span.status]));
}

function attribute(message: ProtobufWriter, field: number, name: string, value: string | number | boolean): void {
  message.message(field, (pair) => pair.text(1, name).message(2, (any) => writeValue(any, value)));
}

function writeValue(any: ProtobufWriter, value: string | number | boolean): void {
  if (typeof value === 'string') any.text(1, value);
  else if (typeof value === 'boolean') any.varint(2, value ? 1 : 0);
  else if (Number.isSafeInteger(value) && value >= 0) any.varint(3, value);
  else any.double(4, value);
}

import type { SpanContext } from '../ports/tracer.ts';

/** `version-traceid-parentid-flags`, and more in versions after 00. https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const ZERO = /^0+$/;
const SAMPLED = 1;
const MAX_LENGTH = 256;

/** Reads a `traceparent`. Undefined for one that is not valid: the caller then starts a trace of its own. */
export function parseTraceparent(header: string | undefined): SpanContext | undefined {
  if (header === undefined || header.length > MAX_LENGTH) return undefined;
  const text = header.trim();
  const [, version, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(text) ?? [];
  if (version === undefined || version === 'ff') return undefined;
  // Version 00 ends with the flags.
  if (version === '00' && text.length !== LENGTH) return undefined;
  if (ZERO.test(traceId) || ZERO.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

const LENGTH = '00-'.length + 32 + 1 + 16 + 1 + 2;

/** Writes a span's context as a `traceparent` of version 00. */
export const formatTraceparent = ({ traceId, spanId, sampled }: SpanContext): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

/** `Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1`, in any order. */
const ROOT = /(?:^|;)\s*Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})(?:;|$)/i;

/** Reads X-Ray's own header, `X-Amzn-Trace-Id`. Undefined without a valid root. Its sampling is X-Ray's, not ours. */
export function parseXrayHeader(
  header: string | undefined,
): { readonly traceId: string; readonly parentSpanId: string | undefined } | undefined {
  const [, time, unique] = ROOT.exec(header ?? '') ?? [];
  if (time === undefined || unique === undefined) return undefined;
  const traceId = `${time}${unique}`.toLowerCase();
  return ZERO.test(traceId) ? undefined : { traceId, parentSpanId: PARENT.exec(header ?? '')?.[1]?.toLowerCase() };
}

/** The id that X-Ray's API and console have for a trace: `1-67891233-abcdef012345678912345678`. */
export const xrayTraceId = (traceId: string): string => `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;

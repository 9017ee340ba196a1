import type { Attributes, SpanKind, SpanStatus } from './tracer.ts';

/** A span as it was kept. */
export interface KeptSpan {
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** Where traces are kept. */
export interface TraceReader {
  /** The spans of a trace that have arrived, in any order. None for a trace that was not kept. */
  read(traceId: string): Promise<readonly KeptSpan[]>;
}

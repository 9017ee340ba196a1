/** The place of a span in its trace, as W3C Trace Context has it. */
export interface SpanContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  /** Whether the spans of the trace are kept. Decided once, at acceptance. */
  readonly sampled: boolean;
  /** Whether a caller outside began the trace. @default false */
  readonly isContinued?: boolean;
}

/** Facts about a span: ids, names, numbers. Never prompts, documents or outputs. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type SpanStatus = 'unset' | 'ok' | 'error';

/** A span that has ended. */
export interface Span extends SpanContext {
  /** @default it is the first span of its trace */
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  /** Spans of other traces that led to it. @default none */
  readonly links?: readonly Pick<SpanContext, 'traceId' | 'spanId'>[];
}

/**
 * Where spans go. It never throws and never holds up the work. The ids of spans are derived from what they are about
 * (core/tracing/span-ids.ts), so the port needs none.
 */
export interface Tracer {
  /** Whether a new trace is kept. The same id gets the same answer everywhere. */
  samples(traceId: string): boolean;
  /** The span under way, such as the API request. Undefined outside of `during`. */
  current(): SpanContext | undefined;
  /**
   * Runs `work` as the span under way: what it sends to others carries its context, and what it records is held until it
   * ends. Then all of it is kept if the trace is sampled or if something of it is worth keeping (core/tracing/keep.ts).
   * The caller records the span itself.
   */
  during<Result>(span: SpanContext, work: () => Promise<Result>): Promise<Result>;
  /** Records a span. One with an id that was recorded before completes it: later attributes and times are added. */
  record(span: Span): void;
}

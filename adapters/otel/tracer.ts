import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span, SpanContext, Tracer } from '#core/ports/tracer.ts';
import { isNotable } from '#core/tracing/keep.ts';
import type { SpanExporter } from './exporter.ts';
import { merged, withIdsOf } from './merged.ts';

export interface OtelTracerOptions {
  /** The share of traces that is kept, from 0 to 1. */
  readonly sampleRate: number;
  readonly exporter: SpanExporter;
  /** The span of the invocation that runs now, which X-Ray keeps in a trace of its own. @default none */
  readonly invocation?: () => Link | undefined;
}

type Link = Pick<SpanContext, 'traceId' | 'spanId'>;

/** The tracer of a process. */
export interface OtelTracer extends Tracer {
  /** The span under way, for libraries that create spans themselves. */
  currentSpan(): CurrentSpan | undefined;
  /** Sends what is kept. It waits as long as the exporter does, and never throws. */
  flush(): Promise<void>;
}

/** Where a process is in a trace. */
export interface CurrentSpan {
  readonly context: SpanContext;
  /** Whether it is a call within another span, such as a model call within a turn. */
  readonly isCall: boolean;
  /** Whether a library's span has become this one. */
  isAdopted: boolean;
  readonly held: Held;
}

/** The spans of a piece of work that has not ended. */
interface Held {
  readonly root: SpanContext;
  readonly spans: Map<string, Span>;
  readonly link: Link | undefined;
  ended: boolean;
}

/** Spans that one piece of work may hold: a turn with more calls loses the last ones. */
const MAX_HELD = 1_000;
/** Spans that wait to be sent. More are lost: whoever receives them is too slow. */
const MAX_WAITING = 2_000;

/** Holds the spans of each piece of work until it ends, then passes on what is kept. */
export function otelTracer({ sampleRate, exporter, invocation }: OtelTracerOptions): OtelTracer {
  const currentSpans = new AsyncLocalStorage<CurrentSpan>();
  let waiting: Span[] = [];
  const send = (spans: readonly Span[]): void => {
    waiting.push(...spans.slice(0, MAX_WAITING - waiting.length));
  };
  const end = (held: Held): void => {
    held.ended = true;
    const spans = [...held.spans.values()];
    if (!held.root.sampled && !spans.some(isNotable)) return;
    send(withIdsOf(spans, held.root.spanId).map((span) => linked(span, held)));
  };
  return {
    samples: (traceId) => isSampled(traceId, sampleRate),
    currentSpan: () => currentSpans.getStore(),
    current: () => currentSpans.getStore()?.context,
    async during(context, work) {
      const outer = currentSpans.getStore();
      if (outer) return currentSpans.run({ context, isCall: true, isAdopted: false, held: outer.held }, work);
      const held: Held = { root: context, spans: new Map(), link: invocation?.(), ended: false };
      try {
        return await currentSpans.run({ context, isCall: false, isAdopted: false, held }, work);
      } finally {
        end(held);
      }
    },
    record(span) {
      const held = currentSpans.getStore()?.held;
      // Such as the end of a task that the request of an operator cancels.
      if (held === undefined || held.ended || held.root.traceId !== span.traceId) {
        if (span.sampled || isNotable(span)) send([span]);
        return;
      }
      const before = held.spans.get(span.spanId);
      if (before !== undefined || held.spans.size < MAX_HELD) held.spans.set(span.spanId, merged(before, span));
    },
    async flush() {
      if (waiting.length === 0) return;
      const spans = waiting;
      waiting = [];
      await exporter.send(spans).catch(() => undefined);
    },
  };
}

/** The root of the work links to the invocation that did it. */
function linked(span: Span, { root, link }: Held): Span {
  if (link === undefined || span.spanId !== root.spanId || link.traceId === span.traceId) return span;
  return { ...span, links: [...(span.links ?? []), link] };
}

/** The last 52 bits of a trace's id are random, so everybody who sees it decides the same. */
const DIGITS = 13;

const isSampled = (traceId: string, rate: number): boolean =>
  Number.parseInt(traceId.slice(-DIGITS), 16) < rate * 16 ** DIGITS;

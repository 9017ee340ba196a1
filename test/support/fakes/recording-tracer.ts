import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span, SpanContext, Tracer } from '#core/ports/tracer.ts';

/** Keeps every span in memory. @param sampled whether new traces are sampled @default true */
export function recordingTracer(sampled = true): Tracer & { readonly spans: Span[]; named(name: string): Span } {
  const under = new AsyncLocalStorage<SpanContext>();
  const spans: Span[] = [];
  return {
    spans,
    named(name) {
      const found = spans.find((span) => span.name === name);
      if (!found) throw new Error(`No span ${name}, only ${spans.map((span) => span.name).join(', ')}.`);
      return found;
    },
    samples: () => sampled,
    current: () => under.getStore(),
    during: (span, work) => under.run(span, work),
    record: (span) => void spans.push(span),
  };
}

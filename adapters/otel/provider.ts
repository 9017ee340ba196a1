import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import {
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Context,
  type ContextManager,
  type Span as ApiSpan,
  type SpanOptions,
  type TextMapPropagator,
  type Tracer as ApiTracer,
} from '@opentelemetry/api';
import { formatTraceparent } from '#core/tracing/traceparent.ts';
import { LibrarySpan, apiContextOf } from './library-span.ts';
import type { OtelTracer } from './tracer.ts';

/**
 * Lets libraries that speak OpenTelemetry's API record into our tracer, and send its context on: above all Claude's SDK,
 * whose spans know the request and the answer best. The first span of a library within a call of ours becomes that call's
 * span. Outside of our spans, and in traces that are not sampled, nothing is recorded. It is an application's only provider,
 * so it registers itself.
 */
export function registerProvider(tracer: OtelTracer): void {
  const own = libraryTracer(tracer);
  trace.setGlobalTracerProvider({ getTracer: () => own });
  context.setGlobalContextManager(contextManager(tracer));
  propagation.setGlobalPropagator(W3C);
}

function libraryTracer(tracer: OtelTracer): ApiTracer {
  const startSpan = (name: string, options: SpanOptions = {}, under: Context = context.active()): ApiSpan => {
    const current = tracer.currentSpan();
    const parent = trace.getSpanContext(under);
    if (current === undefined || parent === undefined || !isSpanContextValid(parent)) {
      return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    }
    // Few of these traces are kept, and then for what our own spans say. Libraries' attributes would cost as much again.
    if (!current.context.sampled) return trace.wrapSpanContext(parent);
    const becomesCall = current.isCall && !current.isAdopted && options.kind === SpanKind.CLIENT;
    if (becomesCall) current.isAdopted = true;
    const own = { traceId: current.context.traceId, sampled: current.context.sampled };
    return becomesCall
      ? new LibrarySpan(tracer, { ...own, spanId: current.context.spanId }, undefined, name, options)
      : new LibrarySpan(tracer, { ...own, spanId: randomBytes(8).toString('hex') }, parent.spanId, name, options);
  };
  return {
    startSpan,
    startActiveSpan(name: string, ...rest: readonly unknown[]) {
      const run = rest.at(-1) as (span: ApiSpan) => unknown;
      const [options, under] = rest.slice(0, -1) as [SpanOptions?, Context?];
      const span = startSpan(name, options, under);
      return context.with(trace.setSpan(under ?? context.active(), span), () => run(span));
    },
  };
}

/** The contexts of libraries, over the span that is under way for us. */
function contextManager(tracer: OtelTracer): ContextManager {
  const contexts = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active() {
      const current = tracer.currentSpan();
      const base = contexts.getStore() ?? ROOT_CONTEXT;
      if (current === undefined || trace.getSpan(base) !== undefined) return base;
      return trace.setSpanContext(base, apiContextOf(current.context));
    },
    with: (given, run, self, ...args) => contexts.run(given, () => run.call(self as never, ...args)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

/** https://www.w3.org/TR/trace-context/ */
const W3C: TextMapPropagator = {
  inject(given, carrier, setter) {
    const span = trace.getSpanContext(given);
    if (!span || !isSpanContextValid(span)) return;
    const { traceId, spanId, traceFlags } = span;
    setter.set(carrier, 'traceparent', formatTraceparent({ traceId, spanId, sampled: (traceFlags & 1) === 1 }));
  },
  extract: (given) => given,
  fields: () => ['traceparent'],
};

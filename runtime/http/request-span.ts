import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { nodeIds } from '#adapters/node/ids.ts';
import { systemClock } from '#adapters/node/clock.ts';
import type { OtelTracer } from '#adapters/otel/tracer.ts';
import type { SpanContext } from '#core/ports/tracer.ts';
import { newTraceId } from '#core/tracing/span-ids.ts';
import { parseTraceparent, parseXrayHeader } from '#core/tracing/traceparent.ts';
import { spans } from '../observability/tracing.ts';

const ids = nodeIds();
const clock = systemClock();

/** What `requestSpan` needs of an event. */
type Request = Pick<APIGatewayProxyEvent, 'httpMethod' | 'resource' | 'headers' | 'requestContext'>;

/**
 * Answers a request as a span: of the caller's trace (`traceparent`), else of X-Ray's, else of a new one. Tasks that it
 * accepts go on with that trace.
 */
export function requestSpan(
  event: Request,
  answer: () => Promise<APIGatewayProxyResult>,
  tracer: OtelTracer | undefined = spans,
): Promise<APIGatewayProxyResult> {
  if (tracer === undefined) return answer();
  const { parentSpanId, ...span } = contextOf(event, tracer);
  const startMs = clock.now();
  return tracer.during(span, async () => {
    const result = await answer();
    const failed = result.statusCode >= 500;
    const tenant: unknown = event.requestContext.authorizer?.['tenant'];
    tracer.record({
      ...span,
      parentSpanId,
      name: `${event.httpMethod} ${event.resource}`,
      kind: 'server',
      startMs,
      endMs: clock.now(),
      status: failed ? 'error' : 'unset',
      attributes: {
        'http.request.method': event.httpMethod,
        'http.route': event.resource,
        'http.response.status_code': result.statusCode,
        ...(typeof tenant === 'string' && { 'fleet.tenant': tenant }),
        ...(failed && { 'error.type': String(result.statusCode) }),
      },
    });
    return result;
  });
}

type RequestContext = SpanContext & { readonly parentSpanId?: string | undefined };

function contextOf({ headers, httpMethod }: Request, tracer: OtelTracer): RequestContext {
  const unique = ids.uuid().replaceAll('-', '');
  const spanId = unique.slice(-16);
  const caller = parseTraceparent(headerOf(headers, 'traceparent'));
  if (caller) return { ...caller, spanId, parentSpanId: caller.spanId, isContinued: true };
  const xray = parseXrayHeader(headerOf(headers, 'x-amzn-trace-id') ?? process.env['_X_AMZN_TRACE_ID']);
  const traceId = xray?.traceId ?? newTraceId(ids, unique, clock.now());
  // Reads are many, and lead to nothing. They are kept if they fail or are slow.
  const sampled = httpMethod !== 'GET' && tracer.samples(traceId);
  return { traceId, spanId, sampled, parentSpanId: xray?.parentSpanId };
}

const headerOf = (headers: Request['headers'] | null, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([given]) => given.toLowerCase() === name)?.[1];

import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Attributes, Tracer } from '../ports/tracer.ts';
import type { DeliveryResult, Webhook } from '../ports/webhook.ts';
import { callbackSpanId } from '../tracing/span-ids.ts';
import { formatTraceparent, parseTraceparent } from '../tracing/traceparent.ts';
import type { CallbackMessage } from './event.ts';

export interface TracedWebhookPorts {
  readonly webhook: Webhook;
  /** @default deliveries are not traced */
  readonly tracer?: Tracer | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'digest'>;
}

/**
 * The webhook of one attempt. The delivery is a span of the task's trace, and the receiver gets its context. The span names
 * the receiver's host alone, since the path of a URL may contain a secret.
 */
export function tracedWebhook(ports: TracedWebhookPorts, message: CallbackMessage, attempt: number): Webhook {
  const { webhook, tracer, clock, ids } = ports;
  const trace = parseTraceparent(message.traceparent);
  if (tracer === undefined || trace === undefined) return webhook;
  const span = { ...trace, spanId: callbackSpanId(ids, message.taskId, attempt) };
  return {
    deliver: (delivery) =>
      tracer.during(span, async () => {
        const startMs = clock.now();
        const result = await webhook.deliver({ ...delivery, traceparent: formatTraceparent(span) });
        const failed = failureIn(result);
        tracer.record({
          ...span,
          parentSpanId: trace.spanId,
          name: 'POST',
          kind: 'client',
          startMs,
          endMs: clock.now(),
          status: failed === undefined ? 'ok' : 'error',
          attributes: {
            ...attributesOf(message, attempt),
            ...answerOf(result),
            ...(failed && { 'error.type': failed }),
          },
        });
        return result;
      }),
  };
}

function attributesOf({ taskId, tenant, url, event }: CallbackMessage, attempt: number): Attributes {
  const host = URL.parse(url)?.host;
  return {
    'fleet.task.id': taskId,
    'fleet.tenant': tenant,
    'gen_ai.agent.name': event.data.agent,
    'fleet.callback.attempt': attempt,
    'http.request.method': 'POST',
    ...(host !== undefined && { 'server.address': host }),
  };
}

const answerOf = (result: DeliveryResult): Attributes =>
  result.kind === 'answered' ? { 'http.response.status_code': result.status } : {};

function failureIn(result: DeliveryResult): string | undefined {
  if (result.kind === 'failed') return result.failure;
  return result.status >= 200 && result.status < 300 ? undefined : String(result.status);
}

import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import { handleCallback, type Handled, type HandlePorts } from '#core/callbacks/handle.ts';
import { callbackMessageSchema } from '#core/callbacks/event.ts';
import { callbackWaitMs, MAX_HIDDEN_MS } from '#core/callbacks/schedule.ts';
import { logger, metrics } from '#runtime/observability/telemetry.ts';
import { parseJson } from '#runtime/parse/json.ts';

/**
 * One attempt to deliver a record. Returns the milliseconds to hide its message for, or null to delete it. If neither the
 * receiver can be called nor the table keep the callback, only the queue is left, which counts each time.
 */
export async function attempt(ports: HandlePorts, record: SQSRecord): Promise<number | null> {
  const receives = Number(record.attributes.ApproximateReceiveCount);
  return deliver(ports, record).catch((error: unknown) => {
    logger.error('callback.broken', { messageId: record.messageId, attempt: receives, error: error as Error });
    metrics.addMetric(METRICS.broken, MetricUnit.Count, 1);
    // The queue gives up after eleven times. So long waits from the start: they last for more than two hours together.
    return Math.min(MAX_HIDDEN_MS, callbackWaitMs(receives + 2, ports.ids.random()));
  });
}

async function deliver(ports: HandlePorts, record: SQSRecord): Promise<number | null> {
  const { body, messageId, attributes } = record;
  const message = callbackMessageSchema.safeParse(parseJson(body));
  if (!message.success) {
    // A retry cannot fix it. It becomes visible at once until it reaches the dead-letter queue, where a person finds it.
    logger.error('message.refused', { messageId, problems: message.error.issues });
    return 0;
  }
  const { taskId, tenant, url } = message.data;
  const handled = await handleCallback(ports, message.data, {
    receives: Number(attributes.ApproximateReceiveCount),
    sentAt: Number(attributes.SentTimestamp),
  });
  const { fate } = handled;
  if (fate.kind === 'dead-before') return handled.hideMs;
  // The path of a URL may contain a secret.
  const host = URL.parse(url)?.host ?? 'unreadable';
  const facts = { task: { id: taskId }, tenant, host, attempt: handled.attempt, ...fate };
  logger[LEVELS[fate.kind]](`callback.${fate.kind}`, facts);
  metrics.addMetric(METRICS[fate.kind], MetricUnit.Count, 1);
  return handled.hideMs;
}

type Kind = Exclude<Handled['fate']['kind'], 'dead-before'>;
const LEVELS = {
  delivered: 'info',
  gone: 'warn',
  retry: 'warn',
  'left-alone': 'warn',
  dead: 'error',
  broken: 'error',
} as const satisfies Record<Kind, string>;
const METRICS = {
  delivered: 'CallbacksDelivered',
  gone: 'CallbacksGone',
  retry: 'CallbacksRetried',
  'left-alone': 'CallbacksLeftAlone',
  dead: 'CallbacksDead',
  broken: 'CallbacksBroken',
} as const satisfies Record<Kind, string>;

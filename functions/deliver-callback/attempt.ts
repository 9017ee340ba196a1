import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import { deliverCallback } from '#core/callbacks/deliver.ts';
import { callbackMessageSchema } from '#core/callbacks/event.ts';
import { logger, metrics } from '#runtime/observability/telemetry.ts';
import { parseJson } from '#runtime/parse/json.ts';

type Ports = Parameters<typeof deliverCallback>[0];

/** One attempt to deliver a record. Returns the milliseconds until the next one, 0 for a dead letter, null when done. */
export async function attempt(ports: Ports, { body, messageId }: SQSRecord, count: number): Promise<number | null> {
  const message = callbackMessageSchema.safeParse(parseJson(body));
  if (!message.success) {
    // A retry cannot fix it. It becomes visible at once until it reaches the dead-letter queue, where a person finds it.
    logger.error('message.refused', { messageId, problems: message.error.issues });
    return 0;
  }
  const { taskId, tenant, url } = message.data;
  const fate = await deliverCallback(ports, message.data, count);
  // The path of a URL may contain a secret.
  const host = URL.parse(url)?.host ?? 'unreadable';
  logger[LEVELS[fate.kind]](`callback.${fate.kind}`, { task: { id: taskId }, tenant, host, attempt: count, ...fate });
  metrics.addMetric(METRICS[fate.kind], MetricUnit.Count, 1);
  if (fate.kind === 'retry') return fate.waitMs;
  return fate.kind === 'dead' ? 0 : null;
}

const LEVELS = { delivered: 'info', gone: 'warn', retry: 'warn', dead: 'error' } as const;
const METRICS = {
  delivered: 'CallbacksDelivered',
  gone: 'CallbacksGone',
  retry: 'CallbacksRetried',
  dead: 'CallbacksDead',
} as const;

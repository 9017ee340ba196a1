import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import { handleCallback, type Handled, type HandlePorts } from '#core/callbacks/handle.ts';
import { callbackMessageSchema } from '#core/callbacks/event.ts';
import { logger, metrics } from '#runtime/observability/telemetry.ts';
import { parseJson } from '#runtime/parse/json.ts';

/** One attempt to deliver a record. Returns the milliseconds to hide its message for, or null to delete it. */
export async function attempt(ports: HandlePorts, record: SQSRecord): Promise<number | null> {
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
} as const satisfies Record<Kind, string>;
const METRICS = {
  delivered: 'CallbacksDelivered',
  gone: 'CallbacksGone',
  retry: 'CallbacksRetried',
  'left-alone': 'CallbacksLeftAlone',
  dead: 'CallbacksDead',
} as const satisfies Record<Kind, string>;

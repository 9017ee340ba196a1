import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { systemClock } from '#adapters/node/clock.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { sqsReceivedMessage } from '#adapters/sqs/task-queue.ts';
import { httpsWebhook } from '#adapters/webhook/webhook.ts';
import { safePost } from '#adapters/webhook/safe-post.ts';
import { dynamodb, fleetSecret, logger, metrics, parseEnv, parseJson, traced } from '#runtime/index.ts';
import { deliver, type Delivered } from '../../alerts/deliver.ts';
import { deliveryMessageSchema, deliveryWaitMs } from '../../alerts/delivery.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import { dynamodbSends } from '../../alerts/dynamodb-sends.ts';
import { recipientSecret } from '../../alerts/recipient-secret.ts';
import { sender } from '../../alerts/send.ts';
import { mailPorts } from '../../digests/mail-ports.ts';
import { policies } from '../../alerts/policies.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { ALERT_TENANT, deliverAlertEnv } from './env.ts';

const env = parseEnv(deliverAlertEnv);
const clock = systemClock();
const ids = nodeIds();
const table = { client: dynamodb(), table: env.MARKET_TABLE };
const guard = { clock, privateAddresses: env.PRIVATE_CALLBACKS, timeLimitMs: 8_000 };

const ports = {
  clock,
  random: () => ids.random(),
  alerts: dynamodbAlerts(table),
  sends: dynamodbSends(table),
  policyOf: policies(dynamodbPortfolios(table), clock),
  send: sender({
    clock,
    tenant: ALERT_TENANT,
    secret: (name) => fleetSecret(recipientSecret(env.SECRET_PREFIX, name), 'value for a recipient of alerts'),
    post: safePost(guard),
    callbacks: httpsWebhook({
      ...guard,
      masterSecret: () => fleetSecret(env.CALLBACK_SECRET, 'signing secret for callbacks'),
    }),
    mail: mailPorts(env, table.table),
  }),
};

/** Sends notifications of alerts. One that fails waits for its next attempt. After the last, the queue makes it a dead letter. */
export const handler = traced('deliver-alert', async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const kept = await Promise.all(event.Records.map(handleRecord));
  const failed = event.Records.filter((_, index) => kept[index]);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
});

/** Returns whether the message stays in the queue. */
async function handleRecord({ body, messageId, attributes, receiptHandle }: SQSRecord): Promise<boolean> {
  const message = deliveryMessageSchema.safeParse(parseJson(body));
  if (!message.success) {
    logger.error('message.refused', { messageId, problems: message.error.issues });
    return true;
  }
  const attempt = Number(attributes.ApproximateReceiveCount);
  const outcome = await deliver(ports, message.data, attempt).catch((error: unknown): Delivered => ({
    kind: 'retry',
    waitMs: deliveryWaitMs(attempt, ids.random()),
    reason: error instanceof Error ? error.message : 'unknown',
  }));
  const { alert, notification, recipient } = message.data;
  logger[outcome.kind === 'retry' ? 'warn' : 'info'](`alert.${outcome.kind}`, {
    alert,
    notification,
    recipient,
    attempt,
    ...outcome,
  });
  metrics.addMetric(METRICS[outcome.kind], MetricUnit.Count, 1);
  if (outcome.kind !== 'retry') return false;
  // If this fails, the message returns after the queue's own visibility timeout: late, but not lost.
  await sqsReceivedMessage({ queueUrl: env.DELIVERY_QUEUE_URL, receiptHandle })
    .extend(outcome.waitMs)
    .catch((error: unknown) => logger.warn('alert.not-hidden', { error: error as Error }));
  return true;
}

const METRICS: Readonly<Record<Delivered['kind'], string>> = {
  sent: 'AlertsSent',
  'sent-before': 'AlertsSentBefore',
  gone: 'AlertsGone',
  dropped: 'AlertsDropped',
  retry: 'AlertsRetried',
};

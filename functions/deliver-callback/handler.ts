import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { httpsWebhook } from '#adapters/webhook/webhook.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { sqsReceivedMessage } from '#adapters/sqs/task-queue.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { Receivers } from '#core/callbacks/receivers.ts';
import { fleetSecret } from '#runtime/ports/fleet-secret.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { traced } from '#runtime/observability/traced.ts';
import { spans } from '#runtime/observability/tracing.ts';
import { attempt } from './attempt.ts';
import { deliverCallbackEnv } from './env.ts';

const env = parseEnv(deliverCallbackEnv);
const ids = nodeIds();
const clock = systemClock();
const webhook = httpsWebhook({
  clock,
  masterSecret: () => fleetSecret(env.CALLBACK_SECRET, 'signing secret for callbacks'),
  privateAddresses: env.PRIVATE_CALLBACKS,
});

const ports = {
  webhook,
  ids,
  clock,
  store: dynamodbCallbackStore({ table: env.STATE_TABLE }),
  receivers: new Receivers(),
  tracer: spans,
};

/** Delivers callbacks. A failed one waits for its next attempt. After the last, the queue makes it a dead letter. */
export const handler = traced('deliver-callback', deliver);

async function deliver(event: SQSEvent): Promise<SQSBatchResponse> {
  const kept = await Promise.all(event.Records.map(handleRecord));
  const failed = event.Records.filter((_, index) => kept[index]);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Returns whether the message stays in the queue, for another attempt or as a dead letter. */
async function handleRecord(record: SQSRecord): Promise<boolean> {
  const waitMs = await attempt(ports, record);
  if (waitMs === null) return false;
  const received = sqsReceivedMessage({ queueUrl: env.CALLBACK_QUEUE_URL, receiptHandle: record.receiptHandle });
  // If this fails, the message returns after the queue's own visibility timeout: too early, but not lost.
  await received
    .extend(waitMs)
    .catch((error: unknown) => logger.warn('callback.not-hidden', { error: error as Error }));
  return true;
}

import type { Context } from 'aws-lambda';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { sqsCallbackQueue } from '#adapters/sqs/callback-queue.ts';
import { wakeCallbacks } from '#core/callbacks/wake.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { wakeCallbacksEnv } from './env.ts';

const env = parseEnv(wakeCallbacksEnv);
const ports = {
  store: dynamodbCallbackStore({ table: env.STATE_TABLE }),
  queue: sqsCallbackQueue({ queueUrl: env.CALLBACK_QUEUE_URL }),
  clock: systemClock(),
};
/** Time reserved for the last callbacks. */
const RESERVE_MS = 5_000;

/** Sends parked callbacks that are due, every minute. */
export const handler = traced('wake-callbacks', async (_event: unknown, context: Context) => {
  const sent = await wakeCallbacks(ports, () => context.getRemainingTimeInMillis() - RESERVE_MS);
  if (sent > 0) logger.info('callbacks.woken', { sent });
  return { sent };
});

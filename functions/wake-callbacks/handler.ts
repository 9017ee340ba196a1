import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { sqsCallbackQueue } from '#adapters/sqs/callback-queue.ts';
import { oldestWaitMs } from '#core/callbacks/oldest-wait.ts';
import { wakeCallbacks } from '#core/callbacks/wake.ts';
import { logger, metrics } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { wakeCallbacksEnv } from './env.ts';

const env = parseEnv(wakeCallbacksEnv);
const ports = {
  store: dynamodbCallbackStore({ table: env.STATE_TABLE }),
  queue: sqsCallbackQueue({ queueUrl: env.CALLBACK_QUEUE_URL }),
  clock: systemClock(),
};
/** Milliseconds that are left when measuring ends: most of the minute is for sending. */
const MEASURED_UNTIL_MS = 45_000;
/** Time reserved for the last callbacks. */
const RESERVE_MS = 5_000;

/** Sends parked callbacks that are due, every minute. Measures before how long the oldest has waited. */
export const handler = traced('wake-callbacks', async (_event: unknown, context: Context) => {
  // What is measured for people never keeps a callback waiting.
  const hasTime = () => context.getRemainingTimeInMillis() > MEASURED_UNTIL_MS;
  const oldestMs = await oldestWaitMs(ports, hasTime).catch((error: unknown) =>
    logger.warn('callbacks.unmeasured', { error: error as Error }),
  );
  if (typeof oldestMs === 'number')
    metrics.addMetric('CallbackOldestAge', MetricUnit.Seconds, Math.round(oldestMs / 1_000));
  const sent = await wakeCallbacks(ports, () => context.getRemainingTimeInMillis() - RESERVE_MS);
  // The heartbeat whose absence has an alarm.
  metrics.addMetric('CallbackWakes', MetricUnit.Count, 1);
  if (sent > 0) logger.info('callbacks.woken', { sent });
  return { sent };
});

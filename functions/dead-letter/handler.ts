import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ZodError } from 'zod';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { answerUnreadable, failDeadLetter } from '#core/sweeper/dead-letter.ts';
import { workMessageSchema } from '#core/tasks/work-message.ts';
import { callbackQueue } from '#runtime/ports/callback-queue.ts';
import { logger, reportEvent } from '#runtime/observability/telemetry.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { parseJson } from '#runtime/parse/json.ts';
import { traced } from '#runtime/observability/traced.ts';
import { deadLetterEnv } from './env.ts';

const env = parseEnv(deadLetterEnv);
const ports = {
  store: dynamodbTaskStore({ table: env.STATE_TABLE }),
  sessions: dynamodbSessionStore({ table: env.STATE_TABLE }),
  queue: sqsPoolQueues({ prefix: env.QUEUE_PREFIX }),
  notifier: stepFunctionsNotifier(),
  callbacks: callbackQueue(env),
  usage: dynamodbUsageStore({ table: env.STATE_TABLE }),
  report: reportEvent,
  clock: systemClock(),
};

/**
 * Fails the tasks of dead letters and notifies their waiters (I9). A message that cannot be read has its token answered,
 * stays in the dead-letter queue and rings its alarm, so that a person inspects it.
 */
export const handler = traced('dead-letter', bury);

async function bury(event: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of event.Records) {
    const json = parseJson(body);
    const message = workMessageSchema.safeParse(json);
    try {
      if (!message.success) {
        await answerUnreadable(ports, json, fieldsOf(message.error));
        throw new Error(`The message does not belong to this pool: ${message.error.message}`);
      }
      logger.warn('message.dead', { messageId, became: await failDeadLetter(ports, message.data) });
    } catch (error) {
      logger.error('dead-letter.failed', { messageId, error: error as Error });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

/** Which fields are wrong. Never a value. */
const fieldsOf = ({ issues }: ZodError): string =>
  issues.map(({ path, code }) => `${path.map(String).join('.') || 'message'} (${code})`).join(', ');

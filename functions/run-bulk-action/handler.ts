import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { dynamodbBulkStore } from '#adapters/dynamodb/bulk-store.ts';
import { sqsBulkQueue } from '#adapters/sqs/bulk-queue.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { sqsReceivedMessage } from '#adapters/sqs/task-queue.ts';
import { runBulkAction } from '#core/bulk/run.ts';
import { agentCatalogue } from '#runtime/http/agent-catalogue.ts';
import { apiPorts } from '#runtime/http/api-ports.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { parseJson } from '#runtime/parse/json.ts';
import { sessionPolicyOf } from '#runtime/ports/session-policy.ts';
import { runBulkActionEnv } from './env.ts';

const env = parseEnv(runBulkActionEnv);
const queueUrl = env.BULK_QUEUE_URL;
const queue = sqsBulkQueue({ queueUrl });
const ports = {
  ...apiPorts(env),
  sessionPolicy: sessionPolicyOf(env),
  agents: agentCatalogue(),
  queue: sqsPoolQueues({ prefix: env.QUEUE_PREFIX }),
  bulk: dynamodbBulkStore({ table: env.STATE_TABLE }),
};

const messageSchema = z.object({ tenant: z.string().min(1), id: z.string().min(1) });

/** The message of a function that dies returns after this time. Each page renews it. */
const HIDDEN_MS = 30_000;
/** Time reserved for the last page. */
const RESERVE_MS = 60_000;

/** Carries out bulk actions. One that needs more time than an invocation has goes on with another message. */
export const handler = traced(
  'run-bulk-action',
  async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of event.Records) {
      try {
        await carryOut(record, () => context.getRemainingTimeInMillis());
      } catch (error) {
        logger.error('bulk-action.interrupted', { messageId: record.messageId, error: error as Error });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  },
);

async function carryOut({ body, receiptHandle }: SQSRecord, timeLeftMs: () => number): Promise<void> {
  const action = messageSchema.parse(parseJson(body));
  const received = sqsReceivedMessage({ queueUrl, receiptHandle });
  const outcome = await runBulkAction(ports, action, async () => {
    if (timeLeftMs() < RESERVE_MS) return false;
    // If this fails, the message returns later, which is no reason to stop.
    await received.extend(HIDDEN_MS).catch(() => undefined);
    return true;
  });
  logger.info('bulk-action.handled', { action: action.id, tenant: action.tenant, outcome });
  // Before this message is deleted, so that a crash in between leaves one of the two.
  if (outcome === 'out-of-time') await queue.send(action);
}

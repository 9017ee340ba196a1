import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { withServices } from '#core/agents/define-agent.ts';
import { workMessageSchema } from '#core/tasks/work-message.ts';
import { runAgentEnv } from '#functions/run-agent/env.ts';
import { agentHandler, dynamodb, logger, parseEnv, parseJson } from '#runtime/index.ts';
import { analystNamed } from '../../agents/index.ts';
import { dynamodbAsked } from '../../digests/dynamodb-asked.ts';
import { dynamodbDigests, dynamodbFindings } from '../../digests/dynamodb-digests.ts';
import { dynamodbWindows } from '../../windows/dynamodb-windows.ts';
import { publishAnalysis } from '../../windows/publish-analysis.ts';
import { alertPorts } from '../alert-ports.ts';
import { analystEnv } from './env.ts';

const env = parseEnv(analystEnv);
const { STATE_TABLE } = parseEnv(runAgentEnv);
const table = { client: dynamodb(), table: env.MARKET_TABLE };
const windows = dynamodbWindows(table);
const tasks = dynamodbTaskStore({ table: STATE_TABLE });
const ports = {
  ...alertPorts(table, env.DELIVERY_QUEUE_URL),
  windows,
  asked: dynamodbAsked(table),
  records: { findings: dynamodbFindings(table), digests: dynamodbDigests(table) },
};
const work = agentHandler(withServices(analystNamed(env.ANALYST).agent, { windows }));

/**
 * The worker of every analyst's pool: its environment says which one it is. A message is deleted only after what its task
 * found is in the alerts. If that fails, the message comes back, and the task, which has ended, costs nothing more.
 */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const { batchItemFailures } = await work(event, context);
  const kept = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const done = event.Records.filter(({ messageId }) => !kept.has(messageId));
  const failures = await Promise.all(done.map(publish));
  return { batchItemFailures: [...batchItemFailures, ...failures.flat()] };
}

async function publish({ body, messageId }: SQSRecord): Promise<SQSBatchItemFailure[]> {
  const message = workMessageSchema.safeParse(parseJson(body));
  if (!message.success || message.data.type !== 'task') return [];
  try {
    const task = await tasks.get(message.data.taskId);
    if (task) await publishAnalysis(ports, task);
    return [];
  } catch (error) {
    logger.error('analysis.not-published', { taskId: message.data.taskId, error: error as Error });
    return [{ itemIdentifier: messageId }];
  }
}

import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { sqsReceivedMessage } from '#adapters/sqs/task-queue.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import type { CollectCounts } from '#core/economy/collect.ts';
import { workMessageSchema } from '#core/worker/message.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import { work, type Disposal } from '#core/worker/work.ts';
import { runAgentEnv, type RunAgentEnv } from '#functions/run-agent/env.ts';
import { collectHandler } from './collect-handler.ts';
import { logger } from './observability.ts';
import { parseEnv } from './parse-env.ts';
import { parseJson } from './parse-json.ts';
import { thisWorker } from './this-worker.ts';
import { traced } from './traced.ts';
import { workerPorts, type MakeSandbox } from './worker-ports.ts';

export interface AgentHandlerOptions {
  /** `lambdaSandbox`, for agents with untrusted tools. @default none */
  readonly makeSandbox?: MakeSandbox;
  /**
   * The agent as it was: a task finishes on the version that accepted it, so keep a definition here until its last task
   * has ended. @default none
   */
  readonly earlier?: readonly Agent[];
}

/**
 * The Lambda handler of an agent's pool: each record is one task, a record's failure is its own (partial batch). The
 * collector of a pool's batches is another function with the same code: it is told by its environment.
 */
export function agentHandler(
  agent: Agent,
  options: AgentHandlerOptions = {},
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | CollectCounts> {
  const { earlier = [] } = options;
  const isCollector = process.env['BATCH_STATE_MACHINE_ARN'] !== undefined;
  return isCollector ? collectHandler([agent, ...earlier]) : workHandler(agent, options);
}

function workHandler(
  agent: Agent,
  { makeSandbox, earlier = [] }: AgentHandlerOptions,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const env = parseEnv(runAgentEnv);
  const ports = workerPorts(env, agent, makeSandbox);
  return traced(agent.name, async (event, context) => {
    const disposals = await Promise.all(
      event.Records.map((record) => handleRecord({ agent, earlier, env, ports, context }, record)),
    );
    const kept = event.Records.filter((_, index) => disposals[index] === 'keep');
    return { batchItemFailures: kept.map(({ messageId }): SQSBatchItemFailure => ({ itemIdentifier: messageId })) };
  });
}

interface Invocation {
  readonly agent: Agent;
  readonly earlier: readonly Agent[];
  readonly env: RunAgentEnv;
  readonly ports: WorkerPorts;
  readonly context: Context;
}

/** A store that is down is waited for a little longer each time, at most this long. */
const MAX_WAIT_MS = 900_000;
const WAIT_STEP_MS = 15_000;

async function handleRecord({ agent, earlier, env, ports, context }: Invocation, record: SQSRecord): Promise<Disposal> {
  const received = sqsReceivedMessage({ queueUrl: queueUrlOf(env, record), receiptHandle: record.receiptHandle });
  const message = workMessageSchema.safeParse(parseJson(record.body));
  if (!message.success) {
    // No retry mends it: it goes round at once until the dead-letter queue takes it, where a person finds it.
    logger.error('message.refused', { messageId: record.messageId, problems: message.error.issues });
    await received.extend(0);
    return 'keep';
  }
  try {
    const timeLeftMs = (): number => context.getRemainingTimeInMillis();
    const worker = thisWorker(context);
    return await work(ports, agent, { message: message.data, received, timeLeftMs, worker }, earlier);
  } catch (error) {
    logger.error('message.failed', { messageId: record.messageId, error: error as Error });
    const receives = Number(record.attributes.ApproximateReceiveCount);
    await received.extend(Math.min(MAX_WAIT_MS, WAIT_STEP_MS * receives)).catch(() => undefined);
    return 'keep';
  }
}

/** The event names its queue by ARN; visibility is changed by URL. */
function queueUrlOf(env: RunAgentEnv, record: SQSRecord): string {
  const name = record.eventSourceARN.split(':').at(-1) ?? '';
  return env.HIGH_QUEUE_URL.endsWith(`/${name}`) ? env.HIGH_QUEUE_URL : env.DEFAULT_QUEUE_URL;
}

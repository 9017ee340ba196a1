import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { ReceivedMessages } from '#adapters/sqs/received-messages.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import { HomeLost } from '#core/regions/homed-tasks.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import type { Disposal } from '#core/worker/work-item.ts';
import { work } from '#core/worker/work.ts';
import { runAgentEnv, type RunAgentEnv } from '#functions/run-agent/env.ts';
import { logger } from '../observability/telemetry.ts';
import { inSubsegment, traced } from '../observability/traced.ts';
import { parseEnv } from '../parse/env.ts';
import { parseWorkMessage } from '../parse/work-message.ts';
import { workerPorts, type MakeSandbox } from '../ports/worker-ports.ts';
import { lazily } from './lazily.ts';
import { thisWorker } from './this-worker.ts';
import { waitForHomeMs } from './wait-for-home.ts';

export interface AgentHandlerOptions {
  /** `lambdaSandbox`, for agents with untrusted tools. @default none */
  readonly makeSandbox?: MakeSandbox;
  /**
   * Earlier versions of the agent, in addition to the `earlier` of its definition. Prefer that: synthesis checks it.
   * @default none
   */
  readonly earlier?: readonly Agent[];
}

/**
 * The Lambda handler of an agent's workers. Each record is one task. A record that fails returns to the queue alone
 * (partial batch response).
 */
export function agentHandler(
  agent: Agent,
  { makeSandbox, earlier = [] }: AgentHandlerOptions = {},
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return lazily(() => {
    const env = parseEnv(runAgentEnv);
    const ports = workerPorts(env, agent, makeSandbox);
    return traced(agent.name, async (event: SQSEvent, context) => {
      const messages = new ReceivedMessages();
      const invocation = { agent, earlier, env, ports, context, messages };
      const disposals = await Promise.all(event.Records.map((record) => handleRecord(invocation, record)));
      await messages.close();
      const kept = event.Records.filter((_, index) => disposals[index] === 'keep');
      return { batchItemFailures: kept.map(({ messageId }): SQSBatchItemFailure => ({ itemIdentifier: messageId })) };
    });
  });
}

interface Invocation {
  readonly agent: Agent;
  readonly earlier: readonly Agent[];
  readonly env: RunAgentEnv;
  readonly ports: WorkerPorts;
  readonly context: Context;
  readonly messages: ReceivedMessages;
}

/** When the store is down, each receive of a message waits this much longer, up to the maximum. */
const WAIT_STEP_MS = 15_000;
const MAX_WAIT_MS = 900_000;

/** A message that this release cannot read waits for another one first: two minutes in all. */
const REFUSED_WAIT_MS = 12_000;
const PATIENT_RECEIVES = 10;

async function handleRecord(
  { agent, earlier, env, ports, context, messages }: Invocation,
  record: SQSRecord,
): Promise<Disposal> {
  const received = messages.of({ queueUrl: queueUrlOf(env, record), receiptHandle: record.receiptHandle });
  const message = parseWorkMessage(record);
  if (!message.success) {
    // Another release may read it during a deploy. If not, it reaches the dead-letter queue, where a person finds it, and
    // its token is answered there (I9).
    logger.error('message.refused', { messageId: record.messageId, problems: message.error.issues });
    const waitMs = Number(record.attributes.ApproximateReceiveCount) < PATIENT_RECEIVES ? REFUSED_WAIT_MS : 0;
    // If this fails, the message returns later. It must not fail the tasks beside it.
    await received.extend(waitMs).catch(() => undefined);
    return 'keep';
  }
  try {
    const timeLeftMs = (): number => context.getRemainingTimeInMillis();
    const worker = thisWorker(context);
    const isFirst = record.attributes.ApproximateReceiveCount === '1';
    const item = { message: message.data, received, timeLeftMs, isFirst, worker };
    return await inSubsegment('## task', () => work(ports, agent, item, earlier));
  } catch (error) {
    if (error instanceof HomeLost) {
      logger.warn('message.home-lost', { messageId: record.messageId });
      const waitMs = waitForHomeMs(message.data, Number(record.attributes.ApproximateReceiveCount));
      if (waitMs === null) return 'delete';
      await received.extend(waitMs).catch(() => undefined);
      return 'keep';
    }
    logger.error('message.failed', { messageId: record.messageId, error: error as Error });
    const receives = Number(record.attributes.ApproximateReceiveCount);
    await received.extend(Math.min(MAX_WAIT_MS, WAIT_STEP_MS * receives)).catch(() => undefined);
    return 'keep';
  }
}

/** The event names its queue by ARN, but visibility is changed by URL. */
function queueUrlOf(env: RunAgentEnv, record: SQSRecord): string {
  const name = record.eventSourceARN.split(':').at(-1) ?? '';
  return env.HIGH_QUEUE_URL.endsWith(`/${name}`) ? env.HIGH_QUEUE_URL : env.DEFAULT_QUEUE_URL;
}

import { dynamodbBatchStore } from '#adapters/dynamodb/batch-store.ts';
import { dynamodbDaySpend } from '#adapters/dynamodb/day-spend.ts';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { sqsTaskQueue } from '#adapters/sqs/task-queue.ts';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import { systemClock } from '#adapters/node/clock.ts';
import type { SettlePorts } from '#core/economy/ports.ts';
import type { SettleBatchEnv } from '#functions/settle-batch/env.ts';
import { callbackQueue } from './callback-queue.ts';
import { catalogueFrom } from './catalogue.ts';
import { batchModelOf } from './model.ts';
import { reportEvent } from '../observability/telemetry.ts';
import { spans } from '../observability/tracing.ts';

/** The ports on AWS for settling batches, created once per execution environment. */
export function settlePorts(env: SettleBatchEnv): SettlePorts {
  const table = env.STATE_TABLE;
  return {
    store: dynamodbTaskStore({ table }),
    sessions: dynamodbSessionStore({ table }),
    escalations: dynamodbEscalationStore({ table }),
    daySpend: dynamodbDaySpend({ table }),
    usage: dynamodbUsageStore({ table }),
    batches: dynamodbBatchStore({ table }),
    batchModel: batchModelOf(env),
    queue: sqsTaskQueue({ agent: env.AGENT, urls: { high: env.DEFAULT_QUEUE_URL, default: env.DEFAULT_QUEUE_URL } }),
    notifier: stepFunctionsNotifier(),
    callbacks: callbackQueue(env),
    catalogue: catalogueFrom(env.MODEL_OVERRIDES),
    clock: systemClock(),
    ids: nodeIds(),
    report: reportEvent,
    tracer: spans,
  };
}

import { dynamodbBulkStore } from '#adapters/dynamodb/bulk-store.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { poolsElsewhere } from '#adapters/dynamodb/regions/pools-elsewhere.ts';
import { sqsBulkQueue } from '#adapters/sqs/bulk-queue.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { sqsQueueDepths } from '#adapters/sqs/queue-depths.ts';
import { stepFunctionsExecutions } from '#adapters/stepfunctions/executions.ts';
import { cancelBulkAction } from '#core/api/bulk/rules.ts';
import { submitBulkAction } from '#core/api/bulk/submit.ts';
import { cancelTask } from '#core/api/tasks/cancel-task.ts';
import { redriveDeadLetters } from '#core/api/pools/dead-letters.ts';
import { answerEscalation, claimEscalation } from '#core/api/escalations/rules.ts';
import { pauseFleet, pauseTenant, resumeFleet, resumeTenant } from '#core/api/pools/holds.ts';
import { pausePool, resumePool } from '#core/api/pools/rules.ts';
import { readTask } from '#core/api/tasks/get-task.ts';
import { cancelRun } from '#core/api/runs/rules.ts';
import { forgetSession } from '#core/api/sessions/rules.ts';
import { retryTask } from '#core/api/tasks/retry-task.ts';
import { acceptedView, taskView } from '#core/api/tasks/task-view.ts';
import { agentCatalogue } from '#runtime/http/agent-catalogue.ts';
import { apiPorts } from '#runtime/http/api-ports.ts';
import { serve } from '#runtime/http/serve.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { operateFleetEnv } from './env.ts';

const env = parseEnv(operateFleetEnv);
const prefix = env.QUEUE_PREFIX;
const ports = {
  ...apiPorts(env),
  agents: agentCatalogue(),
  queue: sqsPoolQueues({ prefix }),
  executions: stepFunctionsExecutions(),
  depths: sqsQueueDepths({ prefix }),
  poolsElsewhere: poolsElsewhere({ table: env.STATE_TABLE }),
  limits: dynamodbLimits({ table: env.STATE_TABLE }),
  bulk: dynamodbBulkStore({ table: env.STATE_TABLE }),
  bulkQueue: sqsBulkQueue({ queueUrl: env.BULK_QUEUE_URL }),
};

/** Operates the fleet: cancels and retries tasks, cancels runs, forgets sessions, pauses pools, redrives dead letters, answers escalations. */
export const handler = serve('operate-fleet', {
  async cancelTask({ caller, params }) {
    const task = await readTask(ports.store, caller, params.id);
    return { body: taskView(await cancelTask(ports, task)) };
  },
  async retryTask({ caller, params }) {
    const answer = acceptedView(await retryTask(ports, caller, params.id));
    return { body: answer, headers: { location: answer.links.self } };
  },
  cancelRun: async ({ caller, params }) => ({ body: await cancelRun(ports, caller, params.id) }),
  async forgetSession({ caller, params }) {
    await forgetSession(ports, caller, params.id);
    return {};
  },
  pausePool: async ({ caller, params, body }) => ({ body: await pausePool(ports, caller, params.agent, body) }),
  resumePool: async ({ caller, params, query }) => ({ body: await resumePool(ports, caller, params.agent, query) }),
  pauseFleet: async ({ caller, body }) => ({ body: await pauseFleet(ports, caller, body) }),
  resumeFleet: async ({ caller, query }) => ({ body: await resumeFleet(ports, caller, query) }),
  pauseTenant: async ({ caller, params, body }) => ({ body: await pauseTenant(ports, caller, params.tenant, body) }),
  resumeTenant: async ({ caller, params, query }) => ({
    body: await resumeTenant(ports, caller, params.tenant, query),
  }),
  redrive: async ({ caller, params, body }) => ({
    body: await redriveDeadLetters(ports, caller, params.agent, body),
  }),
  submitBulkAction: async ({ caller, body, idempotencyKey: key, ...request }) => ({
    body: await submitBulkAction(ports, caller, body, { key, timeLeftMs: () => request.timeLeftMs() }),
  }),
  cancelBulkAction: async ({ caller, params }) => ({ body: await cancelBulkAction(ports, caller, params.id) }),
  claimEscalation: async ({ caller, params, body }) => ({
    body: await claimEscalation(ports, caller, params.id, body.by),
  }),
  answerEscalation: async ({ caller, params, body, idempotencyKey: key }) => ({
    body: await answerEscalation(ports, caller, params.id, { ...body, key }),
  }),
});

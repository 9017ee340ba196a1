import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { sqsQueueDepths } from '#adapters/sqs/queue-depths.ts';
import { cancelTask } from '#core/api/tasks/cancel-task.ts';
import { redrive } from '#core/api/pools/dead-letters.ts';
import { answer, claim } from '#core/api/escalations/rules.ts';
import { pause, resume } from '#core/api/pools/rules.ts';
import { readTask } from '#core/api/tasks/read-tasks.ts';
import { cancelRun, readRun } from '#core/api/runs/rules.ts';
import { dropSession } from '#core/api/sessions/rules.ts';
import { taskView } from '#core/api/tasks/task-view.ts';
import { agentCatalogue } from '#runtime/http/agent-catalogue.ts';
import { apiPorts } from '#runtime/http/api-ports.ts';
import { serve } from '#runtime/http/serve.ts';
import { parseEnv } from '#runtime/parse-env.ts';
import { operateFleetEnv } from './env.ts';

const env = parseEnv(operateFleetEnv);
const prefix = env.QUEUE_PREFIX;
const ports = {
  ...apiPorts(env),
  agents: agentCatalogue(),
  queue: sqsPoolQueues({ prefix }),
  depths: sqsQueueDepths({ prefix }),
};

/** Changes what runs: cancels, forgets, pauses, redrives, takes over from agents. */
export const handler = serve('operate-fleet', {
  async cancelTask({ caller, params }) {
    const task = await readTask(ports.store, caller, params.id);
    return { body: taskView(await cancelTask(ports, task)) };
  },
  cancelRun: async ({ caller, params }) => ({ body: await cancelRun(ports, await readRun(ports, caller, params.id)) }),
  async forgetSession({ caller, params }) {
    await dropSession(ports, caller, params.id);
    return {};
  },
  pausePool: async ({ caller, params, body }) => ({ body: await pause(ports, caller, params.agent, body) }),
  resumePool: async ({ caller, params }) => ({ body: await resume(ports, caller, params.agent) }),
  redrive: async ({ caller, params, body }) => ({ body: await redrive(ports, caller, params.agent, body.tasks) }),
  claimEscalation: async ({ caller, params, body }) => ({ body: await claim(ports, caller, params.id, body.by) }),
  answerEscalation: async ({ caller, params, body, idempotencyKey: key }) => ({
    body: await answer(ports, caller, params.id, { ...body, key }),
  }),
});

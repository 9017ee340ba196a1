import { sqsPoolQueues } from '../../adapters/sqs-pool-queues.ts';
import { sqsQueueDepths } from '../../adapters/sqs-queue-depths.ts';
import { cancelTask } from '../../core/api/cancel-task.ts';
import { redrive } from '../../core/api/dead-letters.ts';
import { answer, claim } from '../../core/api/escalations.ts';
import { pause, resume } from '../../core/api/pools.ts';
import { readTask } from '../../core/api/read-tasks.ts';
import { cancelRun, readRun } from '../../core/api/runs.ts';
import { dropSession } from '../../core/api/sessions.ts';
import { taskView } from '../../core/api/task-view.ts';
import { agentCatalogue } from '../_shared/http/agent-catalogue.ts';
import { apiPorts } from '../_shared/http/api-ports.ts';
import { serve } from '../_shared/http/serve.ts';
import { parseEnv } from '../_shared/parse-env.ts';
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

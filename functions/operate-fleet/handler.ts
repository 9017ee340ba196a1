import { sqsPoolQueues } from '../../adapters/sqs-pool-queues.ts';
import { cancelTask } from '../../core/api/cancel-task.ts';
import { answer, claim } from '../../core/api/escalations.ts';
import { readTask } from '../../core/api/read-tasks.ts';
import { cancelRun, readRun } from '../../core/api/runs.ts';
import { dropSession } from '../../core/api/sessions.ts';
import { taskView } from '../../core/api/task-view.ts';
import { apiPorts } from '../_shared/http/api-ports.ts';
import { serve } from '../_shared/http/serve.ts';
import { parseEnv } from '../_shared/parse-env.ts';
import { operateFleetEnv } from './env.ts';

const env = parseEnv(operateFleetEnv);
const ports = { ...apiPorts(env), queue: sqsPoolQueues({ prefix: env.QUEUE_PREFIX }) };

/** Changes what runs: cancels, forgets, takes over from agents. */
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
  claimEscalation: async ({ caller, params, body }) => ({ body: await claim(ports, caller, params.id, body.by) }),
  answerEscalation: async ({ caller, params, body, idempotencyKey: key }) => ({
    body: await answer(ports, caller, params.id, { ...body, key }),
  }),
});

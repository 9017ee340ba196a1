import { submitBatch } from '../../core/api/submit-batch.ts';
import { submitTask } from '../../core/api/submit-task.ts';
import { accepted } from '../../core/api/task-view.ts';
import { apiPorts } from '../_shared/http/api-ports.ts';
import { serve } from '../_shared/http/serve.ts';
import { parseEnv } from '../_shared/parse-env.ts';
import { submitTaskEnv } from './env.ts';

const ports = apiPorts(parseEnv(submitTaskEnv));

/** Accepts tasks. */
export const handler = serve('submit-task', {
  async submitTask({ caller, body, idempotencyKey }) {
    const task = await submitTask(ports, caller, body, { idempotencyKey });
    return { body: accepted(task), headers: { location: accepted(task).links.self } };
  },
  submitBatch: async ({ caller, body }) => ({ body: await submitBatch(ports, caller, body.tasks) }),
});

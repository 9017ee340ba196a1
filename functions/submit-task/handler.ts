import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { s3Uploads } from '#adapters/s3/uploads.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { stepFunctionsWorkflows, workflowsSchema } from '#adapters/stepfunctions/workflows.ts';
import { submitRun } from '#core/api/runs/rules.ts';
import { submitBatch } from '#core/api/tasks/submit-batch.ts';
import { submitTask } from '#core/api/tasks/submit-task.ts';
import { prepareUpload } from '#core/api/uploads/rules.ts';
import { acceptedView } from '#core/api/tasks/task-view.ts';
import { agentCatalogue } from '#runtime/http/agent-catalogue.ts';
import { apiPorts } from '#runtime/http/api-ports.ts';
import { serve } from '#runtime/http/serve.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { parseJson } from '#runtime/parse/json.ts';
import { sessionPolicyOf } from '#runtime/ports/session-policy.ts';
import { submitTaskEnv } from './env.ts';

const env = parseEnv(submitTaskEnv);
const ports = {
  ...apiPorts(env),
  sessionPolicy: sessionPolicyOf(env),
  queue: sqsPoolQueues({ prefix: env.QUEUE_PREFIX }),
  agents: agentCatalogue(),
  uploads: s3Uploads({ bucket: env.INPUT_BUCKET }),
  callbackRules: { privateAddresses: env.PRIVATE_CALLBACKS },
  workflows: stepFunctionsWorkflows(workflowsSchema.parse(parseJson(env.WORKFLOWS))),
  lists: { bucket: env.INPUT_BUCKET, artifacts: s3Artifacts() },
};

/** Accepts tasks: single ones, many at once, and runs. */
export const handler = serve('submit-task', {
  async submitTask({ caller, body, idempotencyKey }) {
    const answer = acceptedView(await submitTask(ports, caller, body, { idempotencyKey }));
    return { body: answer, headers: { location: answer.links.self } };
  },
  prepareUpload: async ({ caller, body }) => ({ body: await prepareUpload(ports, caller, body) }),
  submitBatch: async ({ caller, body }) => ({ body: await submitBatch(ports, caller, body.tasks) }),
  submitRun: async ({ caller, body, idempotencyKey }) => ({
    body: await submitRun(ports, caller, body, idempotencyKey),
  }),
});

import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { lambdaTaskWaiter } from '#adapters/lambda/task-waiter.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { getTask } from '#core/api/tasks/get-task.ts';
import { waitForTasks } from '#core/api/tasks/wait-for-tasks.ts';
import { serve } from '#runtime/http/serve.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { getTaskEnv } from './env.ts';

const env = parseEnv(getTaskEnv);
const ports = {
  store: dynamodbTaskStore({ table: env.STATE_TABLE }),
  ids: nodeIds(),
  waiter: lambdaTaskWaiter({ functionName: env.WAIT_FUNCTION }),
};

/** Reads tasks, at once or when they have ended. */
export const handler = serve('get-task', {
  waitForTasks: async ({ caller, body }) => waitForTasks(ports, caller, body),
  getTask: ({ caller, params, query }) => getTask(ports, caller, params.id, query.wait),
});

import { dynamodbTaskStore } from '../../adapters/dynamodb-task-store.ts';
import { openApi } from '../../core/api/openapi.ts';
import { listTasks, readTask } from '../../core/api/read-tasks.ts';
import { stepViews } from '../../core/api/task-view.ts';
import { agentCatalogue } from '../_shared/http/agent-catalogue.ts';
import { serve } from '../_shared/http/serve.ts';
import { parseEnv } from '../_shared/parse-env.ts';
import { readFleetEnv } from './env.ts';

const store = dynamodbTaskStore({ table: parseEnv(readFleetEnv).STATE_TABLE });
const agents = [...agentCatalogue().values()];

/** Answers questions about the fleet; changes nothing. */
export const handler = serve('read-fleet', {
  listTasks: async ({ caller, query }) => ({ body: await listTasks(store, caller, query) }),
  async getSteps({ caller, params }) {
    const task = await readTask(store, caller, params.id);
    return { body: { steps: stepViews(task, await store.steps(task.id)) } };
  },
  listAgents: async ({ caller }) => ({
    body: { agents: agents.filter(({ name }) => caller.agents?.includes(name) ?? true) },
  }),
  getOpenApi: async () => ({ body: openApi() }),
});

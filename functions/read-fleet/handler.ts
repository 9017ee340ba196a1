import { dynamodbBulkStore } from '#adapters/dynamodb/bulk-store.ts';
import { s3Reports } from '#adapters/s3/reports.ts';
import { sqsQueueDepths } from '#adapters/sqs/queue-depths.ts';
import { getBulkAction, listBulkActions } from '#core/api/bulk/rules.ts';
import { listDeadLetters } from '#core/api/pools/dead-letters.ts';
import { listEscalations } from '#core/api/escalations/rules.ts';
import { openApi } from '#core/api/openapi.ts';
import { listPools } from '#core/api/pools/rules.ts';
import { readTask } from '#core/api/tasks/get-task.ts';
import { listTasks } from '#core/api/tasks/list-tasks.ts';
import { getRunReport } from '#core/api/runs/report.ts';
import { getRun, listRuns } from '#core/api/runs/rules.ts';
import { getSession } from '#core/api/sessions/rules.ts';
import { stepView } from '#core/api/tasks/task-view.ts';
import { countedSteps } from '#core/tasks/counted-steps.ts';
import { getUsage } from '#core/api/usage/rules.ts';
import { agentCatalogue } from '#runtime/http/agent-catalogue.ts';
import { apiPorts } from '#runtime/http/api-ports.ts';
import { serve } from '#runtime/http/serve.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { readFleetEnv } from './env.ts';

const env = parseEnv(readFleetEnv);
const ports = {
  ...apiPorts(env),
  agents: agentCatalogue(),
  bulk: dynamodbBulkStore({ table: env.STATE_TABLE }),
  depths: sqsQueueDepths({ prefix: env.QUEUE_PREFIX }),
  reports: s3Reports({ places: env.REPORTS }),
};
const { store } = ports;
const agents = [...ports.agents.values()];

/** Reads the fleet's state. Changes nothing. */
export const handler = serve('read-fleet', {
  listTasks: async ({ caller, query }) => ({ body: await listTasks(store, caller, query) }),
  async getSteps({ caller, params }) {
    const task = await readTask(store, caller, params.id);
    return { body: { steps: (await countedSteps(store, task)).map(stepView) } };
  },
  getSession: async ({ caller, params }) => ({ body: await getSession(ports, caller, params.id) }),
  listRuns: async ({ caller, query }) => ({ body: await listRuns(ports, caller, query.limit, query.cursor) }),
  getRun: async ({ caller, params }) => ({ body: await getRun(ports, caller, params.id) }),
  getRunReport: async ({ caller, params }) => ({ body: await getRunReport(ports, caller, params.id) }),
  listEscalations: async ({ caller, query }) => ({ body: await listEscalations(ports, caller, query) }),
  listBulkActions: async ({ caller, query }) => ({ body: await listBulkActions(ports, caller, query) }),
  getBulkAction: async ({ caller, params, query }) => ({
    body: await getBulkAction(ports, caller, params.id, query),
  }),
  listPools: async ({ caller, query }) => ({ body: await listPools(ports, caller, query.tasks === 'true') }),
  listDeadLetters: async ({ caller, params, query }) => ({
    body: await listDeadLetters(ports, caller, params.agent, query),
  }),
  getUsage: async ({ caller, query }) => ({ body: await getUsage(ports, caller, query) }),
  listAgents: async ({ caller }) => ({
    body: { agents: agents.filter(({ name }) => caller.agents?.includes(name) ?? true) },
  }),
  getOpenApi: async () => ({ body: openApi() }),
});

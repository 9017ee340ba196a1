import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiClient } from '#cli/api/client.ts';
import { bootFleet } from '#cli/fleet/boot.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { occasionKey } from '#cli/keys/local-key.ts';
import { SUPERVISOR } from '#systems/code-review/agents/names.ts';
import { openClients } from '#systems/support/cli/clients.ts';
import { driveDay } from '#systems/support/cli/drive-day.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { systems } from '#bin/systems.ts';
import { SUPPORT } from '#systems/support/agents/identity.ts';
import { supportOutputs } from '#systems/support/cli/outputs.ts';
import { prepareLoadTest } from '#systems/support/load/load-test.ts';
import { redriveAnswerSchema } from '#core/api/pools/messages.ts';
import { acceptedSchema, taskViewSchema } from '#core/api/tasks/messages.ts';
import { uploadSchema } from '#core/api/uploads/messages.ts';
import { uploadOperations } from '#core/api/uploads/operations.ts';
import { poolOperations } from '#core/api/pools/operations.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { ApiDocument } from '#test/support/api-document.ts';
import { curl, curlClient } from '#test/e2e/api/foreign/curl.ts';
import { drive } from '#test/e2e/api/foreign/drive.ts';
import { seedWorld } from '#test/e2e/api/foreign/seed.ts';

/** Twenty seconds of messages, with a few of each kind. */
const LOAD = { id: 'permissions', seed: 5, volume: { rate: 2 }, seconds: 20, curve: 'even' } as const;

/**
 * Runs a day of the whole fleet: every operation of the task API with the assistant, code reviews, and customers' messages
 * to the support system. Afterwards the data folder has the permissions that its roles used. Returns the failures.
 * @param agents the same number as another run, so that both share one assembly
 */
export async function aDay(dataDir: string, agents: number): Promise<readonly string[]> {
  const boot = { dataDir, settings: { 'documents.agents': agents }, port: 0, latencyMs: 20, apiKey: null };
  const fleet = await bootFleet(systems, boot, terminalOutput(true));
  const { endpoint, api, outputs, model } = fleet;
  try {
    const key = await occasionKey({ ...api, endpoint });
    const driven = await driveApi({ endpoint, key, url: api.url, table: api.table });
    const client = new ApiClient({ url: api.url, key });
    await upload(client);
    for (const priority of ['default', 'high']) await review(client, priority);
    await client.call(poolOperations.redrive, redriveAnswerSchema, { params: { agent: 'assistant' }, body: {} });
    const clients = openClients({ endpoint, url: api.url, key, outputs: supportOutputs(outputs) });
    const loadTest = prepareLoadTest({ ...LOAD, now: Date.now() });
    await loadTest.fill(clients.shop);
    const signal = new AbortController().signal;
    const day = { id: LOAD.id, agent: SUPPORT.name, patienceMs: 60_000, signal, onSample: () => undefined };
    const { tasks } = await driveDay(clients, loadTest, day);
    clients.close();
    const bad = tasks.filter(({ status }) => status !== 'succeeded' && status !== 'escalated');
    return [...driven, ...bad.map(({ id, status }) => `${id} of ${model} is ${status}`)];
  } finally {
    await fleet.close(10_000);
  }
}

/** Submits a task whose input is uploaded first. */
async function upload(api: ApiClient): Promise<void> {
  const input = JSON.stringify({ instruction: 'hello' });
  const at = await api.call(uploadOperations.prepareUpload, uploadSchema, { body: { size: input.length } });
  await fetch(at.url, { method: at.method, headers: at.headers, body: input });
  const body = { agent: 'assistant', inputKey: at.inputKey };
  const { id } = await api.call(taskOperations.submitTask, acceptedSchema, { body });
  await api.call(taskOperations.getTask, taskViewSchema, { params: { id }, query: { wait: 25 } });
}

/** A review: its supervisor delegates to all specialists. */
async function review(api: ApiClient, priority: string): Promise<void> {
  const lines = ['+eval(request.body);'];
  const file = {
    path: `src/${priority}.js`,
    status: 'added',
    hunks: [{ oldStart: 0, newStart: 1, context: null, lines }],
  };
  const overview = { files: 1, testsChanged: [], hasTests: false };
  const input = { title: 'A change', description: '', guidance: null, overview, units: [[file]] };
  const body = { agent: SUPERVISOR.name, input, priority };
  const { id } = await api.call(taskOperations.submitTask, acceptedSchema, { body });
  await api.call(taskOperations.getTask, taskViewSchema, { params: { id }, query: { wait: 25 } });
}

async function driveApi(at: { endpoint: string; key: string; url: string; table: string }): Promise<readonly string[]> {
  const client = new DynamoDBClient(localClient(at.endpoint));
  const document = new ApiDocument((await curl([`${at.url}/openapi.json`])).body);
  const world = await seedWorld({ table: at.table, client }, { tenant: 'default', agent: 'assistant', name: 'day' });
  client.destroy();
  const driven = await drive(curlClient(at.url, at.key), document, world);
  return driven.flatMap(({ operation, faults }) => faults.map((fault) => `${operation}: ${fault}`));
}

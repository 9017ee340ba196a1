import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiClient } from '#cli/api/client.ts';
import type { Settings } from '#cli/fleet/assembly.ts';
import { bootFleet } from '#cli/fleet/boot.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { occasionKey } from '#cli/keys/local-key.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { systems } from '#bin/systems.ts';
import { logOperations } from '#core/api/logs/operations.ts';
import { logPageSchema } from '#core/api/logs/messages.ts';
import { redriveAnswerSchema } from '#core/api/pools/messages.ts';
import { acceptedSchema, batchAnswerSchema, taskViewSchema } from '#core/api/tasks/messages.ts';
import { uploadSchema } from '#core/api/uploads/messages.ts';
import { uploadOperations } from '#core/api/uploads/operations.ts';
import { poolOperations } from '#core/api/pools/operations.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { whyOperations } from '#core/api/why/operations.ts';
import { whyViewSchema } from '#core/api/why/messages.ts';
import { ApiDocument } from '../support/api-document.ts';
import { curl, curlClient } from './api/foreign/curl.ts';
import { drive } from './api/foreign/drive.ts';
import { seedWorld } from './api/foreign/seed.ts';
import type { PermissionsPart } from './permissions.part.ts';
import { readAfterwards } from './permissions.reads.ts';

/**
 * Runs a day of the whole fleet: every operation of the task API with the assistant, and what each system's part does.
 * Afterwards the data folder has the permissions that its roles used. Returns the failures.
 */
export async function aDay(dataDir: string, parts: readonly PermissionsPart[]): Promise<readonly string[]> {
  const settings = Object.assign({}, ...parts.map((part) => part.settings)) as Settings;
  const boot = { dataDir, settings, port: 0, latencyMs: 20, apiKey: null };
  const fleet = await bootFleet(systems, boot, terminalOutput(true));
  const { endpoint, api } = fleet;
  try {
    const key = await occasionKey({ ...api, endpoint });
    const failed = [...(await driveApi({ endpoint, key, url: api.url, table: api.table }))];
    const client = new ApiClient({ url: api.url, key });
    await upload(client);
    for (const part of parts) failed.push(...(await part.day({ ...fleet, key, client })));
    failed.push(...(await explain(client)));
    // Without an agent: the logs of all systems.
    await client.call(logOperations.listLogs, logPageSchema, { query: {} });
    failed.push(...(await readAfterwards(client)));
    await client.call(poolOperations.redrive, redriveAnswerSchema, { params: { agent: 'assistant' }, body: {} });
    return failed;
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

async function driveApi(at: { endpoint: string; key: string; url: string; table: string }): Promise<readonly string[]> {
  const client = new DynamoDBClient(localClient(at.endpoint));
  const document = new ApiDocument((await curl([`${at.url}/openapi.json`])).body);
  const world = await seedWorld({ table: at.table, client }, { tenant: 'default', agent: 'assistant', name: 'day' });
  client.destroy();
  const driven = await drive(curlClient(at.url, at.key), document, world);
  return driven.flatMap(({ operation, faults }) => faults.map((fault) => `${operation}: ${fault}`));
}

/** Enough that some are queued, and often some running, when one looks. */
const CROWD = 200;
const CROWDS = 10;

/** Asks why tasks wait and what they do, until a queued one and a running one have answered. Returns what was not seen. */
async function explain(client: ApiClient): Promise<readonly string[]> {
  const missing = new Set<string>(['queued', 'running']);
  for (let crowd = 0; crowd < CROWDS && missing.size > 0; crowd += 1) await askCrowd(client, missing);
  return [...missing].map((status) => `why: none of ${CROWDS * CROWD} tasks was seen ${status}`);
}

/** Submits tasks and asks about them, the last ones first, since these are queued longest. */
async function askCrowd(client: ApiClient, missing: Set<string>): Promise<void> {
  const tasks = Array.from({ length: CROWD }, () => ({ agent: 'assistant', input: { instruction: 'hello' } }));
  const { items } = await client.call(taskOperations.submitBatch, batchAnswerSchema, { body: { tasks } });
  const ids = items.flatMap((item) => ('task' in item ? item.task.id : []));
  for (const id of ids.toReversed()) {
    if (missing.size === 0) break;
    const { status } = await client.call(whyOperations.whyTask, whyViewSchema, { params: { id } });
    missing.delete(status);
  }
}

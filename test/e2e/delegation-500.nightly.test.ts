import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { resolve } from 'node:path';
import { DynamoDBClient, paginateScan, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { MAX_CHILDREN } from '#core/tasks/delegation.ts';
import { taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { startApiFleet, type ApiFleet, type Call } from './api/fleet.ts';

/** The most tasks that one step may delegate, on the local cloud: what it takes of time, calls and items. */
vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 120_000 });

let fleet: ApiFleet;
let call: Call;
/** How often each operation of AWS was called, such as `DynamoDB.GetItem`. */
const calls = new Map<string, number>();

function count(message: unknown): void {
  const { headers } = (message as { request: IncomingMessage }).request;
  const [service = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  const name = `${service.replace(/_\d+$/, '').replace(/^Amazon/, '')}.${operation}`;
  if (operation !== '') calls.set(name, (calls.get(name) ?? 0) + 1);
}

beforeAll(async () => {
  fleet = await startApiFleet({
    stacks: ['newsroom'],
    claude: { latency: { kind: 'fixed', ms: 50 }, rules: [resolve('test/systems/newsroom/newsroom.rule.ts')] },
  });
  call = fleet.as(await fleet.makeKey());
  subscribe('http.server.request.start', count);
});
afterAll(async () => {
  unsubscribe('http.server.request.start', count);
  await fleet[Symbol.asyncDispose]();
});

/** Waits for the end of a task. @param onSame called each time that it has not ended */
async function ended(id: string, onSame: () => Promise<void>): Promise<TaskView> {
  for (;;) {
    const { status, body } = await call(`GET /tasks/${id}?wait=25`);
    // On a busy machine a read may take longer than the API allows.
    if (status >= 500) continue;
    const task = taskViewSchema.parse(body);
    if (!['queued', 'running', 'parked'].includes(task.status)) return task;
    await onSame();
  }
}

const sizeOf = (value: AttributeValue): number =>
  value.B?.length ?? Buffer.byteLength(value.S ?? value.N ?? JSON.stringify(value));

/** Bytes of the largest item of the state table whose partition key contains a text. */
async function largestItem(of: string): Promise<number> {
  const client = new DynamoDBClient(fleet.client);
  let largest = 0;
  for await (const page of paginateScan({ client }, { TableName: fleet.output('platform', 'StateTable') })) {
    for (const item of page.Items ?? []) {
      const size = Object.entries(item).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0);
      if (JSON.stringify(item['pk']).includes(of)) largest = Math.max(largest, size);
    }
  }
  client.destroy();
  return largest;
}

it('500 tasks in one step end, and the parent reads all of their results', async () => {
  const topics = Array.from({ length: MAX_CHILDREN / 2 }, (_, index) => `topic ${index}`);
  const { body, status } = await call('POST /tasks', { agent: 'editor', input: { topics } });
  expect(status).toBe(202);
  let item = 0;
  const task = await ended(body.id, async () => {
    item = Math.max(item, await largestItem(body.id));
  });
  expect(task.failure).toBeUndefined();
  expect(task.output).toEqual({ printed: topics.map((topic) => `All about ${topic}`) });
  expect(task.children).toHaveLength(MAX_CHILDREN);
  // DynamoDB takes items of 400 kB. Calls go up with the time that a busy machine takes, so the bounds are loose.
  item = Math.max(item, await largestItem(body.id));
  expect(item).toBeLessThan(60_000);
  expect((calls.get('DynamoDB.GetItem') ?? 0) / MAX_CHILDREN).toBeLessThan(18);
  calls.delete('DynamoDB.Scan');
  expect([...calls.values()].reduce((sum, each) => sum + each, 0) / MAX_CHILDREN).toBeLessThan(30);
  process.stdout.write(`${JSON.stringify({ item, calls: Object.fromEntries(calls) })}\n`);
}, 900_000);

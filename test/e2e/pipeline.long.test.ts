import { resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { runViewSchema, type RunView } from '#core/api/runs/messages.ts';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { startApiFleet, type ApiFleet, type Call } from './api/fleet.ts';

/** A pipeline of two agents on the local cloud, started by the API. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

let fleet: ApiFleet;
let call: Call;
let states: SFNClient;
beforeAll(async () => {
  fleet = await startApiFleet({
    stacks: ['companies'],
    claude: { latency: { kind: 'fixed', ms: 2_000 }, rules: [resolve('test/systems/companies/companies.rule.ts')] },
  });
  call = fleet.as(await fleet.makeKey());
  states = new SFNClient(fleet.client);
});
afterAll(async () => {
  states.destroy();
  await fleet[Symbol.asyncDispose]();
});

const ITEMS = ['acme', 'globex', 'broken', 'initech'].map((id) => ({ id, name: `${id} Inc.` }));

async function start(body: object, key?: string): Promise<string> {
  const answer = await call('POST /runs', { workflow: 'companies', ...body }, key ? { 'idempotency-key': key } : {});
  expect(answer).toMatchObject({ status: 202, body: { items: [] } });
  return answer.body.id;
}

const view = async (id: string): Promise<RunView> => runViewSchema.parse((await call(`GET /runs/${id}`)).body);

/** Waits for the end of the execution, and returns what the aggregator returned. */
async function ended(id: string): Promise<Record<string, unknown>> {
  const client = new DynamoDBClient(fleet.client);
  const run = await dynamodbRunStore({ table: fleet.output('platform', 'StateTable'), client }).get('acme', id);
  client.destroy();
  const executionArn = run?.execution ?? '';
  return vi.waitFor(
    async () => {
      const { status, cause, output = '{}' } = await states.send(new DescribeExecutionCommand({ executionArn }));
      expect(status).not.toBe('RUNNING');
      return JSON.parse(cause === undefined ? output : JSON.stringify({ status, cause })) as Record<string, unknown>;
    },
    { timeout: 200_000, interval: 500 },
  );
}

describe('a pipeline', () => {
  it('I3: workers that die repeat no finished step, a failed item is a row, and a second run pays only for that', async () => {
    const id = await start({ items: ITEMS, name: 'first', budgetUsd: 2 });
    // The pool works on three at once. Their workers die while they wait for the model.
    await vi.waitFor(async () => expect((await view(id)).tasks['running']).toBe(3), { timeout: 60_000, interval: 100 });
    await fleet.cloud.crashWorkers();
    expect(await ended(id)).toMatchObject({ runId: id, companies: 4, problem: null });
    await vi.waitFor(async () => expect(await view(id)).toMatchObject({ status: 'ended' }), { timeout: 30_000 });
    const first = await view(id);
    expect(first).toMatchObject({ name: 'first', size: 8, tasks: { succeeded: 7, failed: 1 } });
    expect(first.spent.usd).toBeLessThan(2);
    expect(first.agents).toMatchObject([
      { agent: 'scout', tasks: { succeeded: 4 } },
      { agent: 'analyst', tasks: { succeeded: 3, failed: 1 } },
    ]);

    const again = await start({ items: ITEMS, name: 'again' });
    expect(await ended(again)).toMatchObject({ companies: 4, problem: null });
    const { tasks } = taskPageSchema.parse((await call(`GET /tasks?runId=${again}`)).body);
    expect(tasks.map(({ agent, status }) => [agent, status])).toEqual([['analyst', 'failed']]);
  });

  it('I10: the same idempotency key is the same run', async () => {
    const body = { items: [{ id: 'once', name: 'Once Inc.' }] };
    const id = await start(body, 'night-7');
    await ended(id);
    expect(await start(body, 'night-7')).toBe(id);
    const other = await call('POST /runs', { workflow: 'companies', items: ITEMS }, { 'idempotency-key': 'night-7' });
    expect(other.status).toBe(422);
  });

  it('takes its items from an upload', async () => {
    const text = ITEMS.slice(0, 2)
      .map((item) => JSON.stringify({ ...item, id: `${item.id}-2` }))
      .join('\n');
    const { body } = await call('POST /uploads', { size: text.length, contentType: 'application/jsonl' });
    await fetch(body.url, { method: 'PUT', headers: body.headers, body: text });
    const id = await start({ key: body['inputKey'] });
    expect(await ended(id)).toMatchObject({ companies: 2, problem: null });
  });

  it('a cancelled run ends, with its tasks', async () => {
    const items = Array.from({ length: 40 }, (_, index) => ({ id: `late-${index}`, name: `Late ${index}` }));
    const id = await start({ items });
    await vi.waitFor(async () => expect(Object.values((await view(id)).tasks).some((count) => count > 0)).toBe(true), {
      timeout: 60_000,
      interval: 100,
    });
    expect((await call(`POST /runs/${id}/cancel`, {})).status).toBe(202);
    await ended(id);
    await vi.waitFor(async () => expect(await view(id)).toMatchObject({ status: 'ended', cancelled: true }), {
      timeout: 60_000,
      interval: 500,
    });
  });
});

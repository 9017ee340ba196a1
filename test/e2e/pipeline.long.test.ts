import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { runViewSchema, type RunView } from '#core/api/runs/messages.ts';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { startApiFleet, type ApiFleet, type Call } from './api/fleet.ts';

/** A pipeline of two agents on the local cloud, started by the API. */

let fleet: ApiFleet;
let call: Call;
let states: SFNClient;
let storage: S3Client;
beforeAll(async () => {
  fleet = await startApiFleet({
    stacks: ['companies'],
    claude: { latency: { kind: 'fixed', ms: 2_000 }, rules: [resolve('test/systems/companies/companies.rule.ts')] },
  });
  call = fleet.as(await fleet.makeKey());
  states = new SFNClient(fleet.client);
  storage = new S3Client({ ...fleet.client, forcePathStyle: true });
});
afterAll(async () => {
  states.destroy();
  storage.destroy();
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
      return JSON.parse(status === 'SUCCEEDED' ? output : JSON.stringify({ status, cause })) as Record<string, unknown>;
    },
    { timeout: 200_000, interval: 500 },
  );
}

/**
 * Waits until an item is in the second stage, and each message has become a task: a worker that dies while it starts keeps
 * its message for the queue's visibility timeout. Returns the tasks that have succeeded, and how many calls may be in flight. */
const betweenStages = (id: string) =>
  vi.waitFor(
    async () => {
      const { tasks } = taskPageSchema.parse((await call(`GET /tasks?runId=${id}`)).body);
      const having = (status: string) => tasks.filter((task) => task.status === status);
      const scouts = tasks.filter(({ agent }) => agent === 'scout');
      expect(scouts).toHaveLength(ITEMS.length);
      expect(tasks.length - scouts.length).toBe(scouts.filter(({ status }) => status === 'succeeded').length);
      expect(having('running').map(({ agent }) => agent)).toContain('analyst');
      return { finished: having('succeeded').map((task) => task.id), inFlight: having('running').length };
    },
    { timeout: 60_000, interval: 50 },
  );

/** The step of each call that reached the model, such as `scout-0123/0`. */
const modelCalls = (): string[] => {
  const lines = readFileSync(join(fleet.home, 'claude-ledger.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { stepId: string }).stepId);
};

const rowSchema = z.object({ id: z.string(), status: z.string(), stage: z.string().nullable() });

/** The lines of a run's report. Throws until it is written. */
async function reportOf(id: string) {
  const { Buckets = [] } = await storage.send(new ListBucketsCommand({}));
  const Bucket = Buckets.map(({ Name = '' }) => Name).find((name) => name.includes('companies-artifactsbucket'));
  const { Body } = await storage.send(new GetObjectCommand({ Bucket, Key: `runs/${id}/report.jsonl` }));
  const text = (await Body?.transformToString()) ?? '';
  return text.split('\n').map((line) => rowSchema.parse(JSON.parse(line)));
}

describe('a pipeline', () => {
  it('I3: workers that die between the stages repeat no finished call, and a second run pays only for what failed', async () => {
    const id = await start({ items: ITEMS, name: 'first', budgetUsd: 2 });
    // Some items are in the second stage, others still in the first.
    const { finished, inFlight } = await betweenStages(id);
    await fleet.cloud.crashWorkers();
    expect(await ended(id)).toMatchObject({ runId: id, companies: 4, problem: null });
    await vi.waitFor(async () => expect(await view(id)).toMatchObject({ status: 'ended' }), { timeout: 90_000 });
    const first = await view(id);
    expect(first).toMatchObject({ name: 'first', size: 8, tasks: { succeeded: 7, failed: 1 } });
    expect(first.spent.usd).toBeLessThan(2);
    // One call for each task. The simulated Claude rejects the answer for `broken`, which is no call in its ledger. Only
    // what was in flight is repeated.
    const calls = modelCalls();
    expect(new Set(calls).size).toBe(7);
    expect(calls.length).toBeLessThanOrEqual(7 + inFlight);
    expect(finished.length).toBeGreaterThan(0);
    for (const task of finished) expect(calls.filter((step) => step.startsWith(`${task}/`))).toHaveLength(1);

    const again = await start({ items: ITEMS, name: 'again' });
    expect(await ended(again)).toMatchObject({ companies: 4, problem: null });
    const { tasks } = taskPageSchema.parse((await call(`GET /tasks?runId=${again}`)).body);
    expect(tasks.map(({ agent, status }) => [agent, status])).toEqual([['analyst', 'failed']]);
    expect(modelCalls()).toEqual(calls);
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

  it('a cancelled run ends, with its tasks, and its report has a row for each item', async () => {
    const items = Array.from({ length: 40 }, (_, index) => ({ id: `late-${index}`, name: `Late ${index}` }));
    const id = await start({ items });
    await vi.waitFor(async () => expect((await view(id)).tasks['succeeded']).toBeGreaterThan(0), {
      timeout: 60_000,
      interval: 100,
    });
    expect((await call(`POST /runs/${id}/cancel`, {})).status).toBe(202);
    expect(await ended(id)).toMatchObject({ status: 'ABORTED' });
    await vi.waitFor(async () => expect(await view(id)).toMatchObject({ status: 'ended', cancelled: true }), {
      timeout: 60_000,
      interval: 500,
    });
    const rows = await vi.waitFor(async () => reportOf(id), { timeout: 60_000, interval: 500 });
    expect(rows.map((row) => row.id)).toEqual(items.map((item) => item.id));
    const stages = new Set(rows.map(({ status, stage }) => `${status} ${stage}`));
    // One has passed the first stage, and one was never sent.
    expect(stages).toContain('not-reached null');
    expect([...stages].filter((row) => row.endsWith('scout') || row.endsWith('analyst'))).not.toEqual([]);
  });

  it('a run whose list is not valid fails with the line, so that the alarm rings', async () => {
    const text = '{"id":"a","name":"A"}\nnonsense';
    const { body } = await call('POST /uploads', { size: text.length, contentType: 'application/jsonl' });
    await fetch(body.url, { method: 'PUT', headers: body.headers, body: text });
    const id = await start({ key: body['inputKey'] });
    expect(await ended(id)).toMatchObject({
      status: 'FAILED',
      cause: expect.stringContaining('Line 2 is not valid JSON') as string,
    });
    await vi.waitFor(async () => expect(await view(id)).toMatchObject({ status: 'ended' }), { timeout: 90_000 });
  });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ask, jsonFormat, simulate, type Simulation } from './support.ts';

type Entry = Anthropic.Messages.BatchCreateParams.Request;
const entry = (custom_id: string, params = ask(`I am ${custom_id}`)): Entry => ({ custom_id, params });
const soon = { batches: { processingMs: 0 } };
const never = { batches: { processingMs: 3_600_000 } };

async function ended({ client }: Simulation, id: string): Promise<Anthropic.Messages.MessageBatch> {
  return vi.waitFor(
    async () => {
      const batch = await client.messages.batches.retrieve(id);
      expect(batch.processing_status).toBe('ended');
      return batch;
    },
    { timeout: 90_000, interval: 20 },
  );
}

async function resultsOf({ client }: Simulation, id: string) {
  const results = new Map<string, Anthropic.Messages.MessageBatchResult>();
  for await (const { custom_id, result } of await client.messages.batches.results(id)) results.set(custom_id, result);
  return results;
}

async function folder(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'batches-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  return dataDir;
}

describe('a batch', () => {
  it('is in progress, then ends with one result per entry, answered by the rules and billed as a batch', async () => {
    const claude = await simulate(soon);
    const made = await claude.client.messages.batches.create({
      requests: [entry('a'), entry('b', ask('json', { output_config: jsonFormat() }))],
    });
    expect(made).toMatchObject({ type: 'message_batch', processing_status: 'in_progress', results_url: null });
    expect(made.request_counts).toEqual({ processing: 2, succeeded: 0, errored: 0, canceled: 0, expired: 0 });
    expect(Date.parse(made.expires_at) - Date.parse(made.created_at)).toBe(86_400_000);

    const batch = await ended(claude, made.id);
    expect(batch.request_counts).toEqual({ processing: 0, succeeded: 2, errored: 0, canceled: 0, expired: 0 });
    expect(batch.results_url).toBe(`${claude.url}/v1/messages/batches/${made.id}/results`);
    const results = await resultsOf(claude, made.id);
    expect(results.get('a')).toMatchObject({
      type: 'succeeded',
      message: { content: [{ text: 'I am a' }], usage: { service_tier: 'batch' } },
    });
    expect(results.get('b')).toMatchObject({ message: { content: [{ text: '{"text":"json","pages":[]}' }] } });
    expect(await claude.stats()).toMatchObject({ batches: 1, batched: 2, answered: 2 });
  });

  it('reports the error of each invalid entry and answers the others', async () => {
    const claude = await simulate(soon);
    const requests = [
      entry('good'),
      entry('model', { ...ask('x'), model: 'claude-nobody' }),
      entry('limit', { ...ask('x'), max_tokens: 1_000_000 }),
    ];
    const { id } = await claude.client.messages.batches.create({ requests });
    expect((await ended(claude, id)).request_counts).toMatchObject({ succeeded: 1, errored: 2 });
    const results = await resultsOf(claude, id);
    expect(results.get('model')).toMatchObject({ type: 'errored', error: { error: { type: 'not_found_error' } } });
    expect(results.get('limit')).toMatchObject({ error: { error: { message: /^max_tokens: / } } });
  });

  it('rejects invalid and duplicate custom ids, no requests and unknown fields, and names each field', async () => {
    const { client } = await simulate(never);
    const errorOf = async (requests: Entry[]) =>
      client.messages.batches.create({ requests }).then(
        () => 'created',
        (error: Error) => error.message,
      );
    expect(await errorOf([entry('a/0')])).toContain('requests.0.custom_id: String should match pattern');
    expect(await errorOf([entry('a'.repeat(65))])).toContain('requests.0.custom_id');
    expect(await errorOf([entry('a'), entry('a')])).toContain('requests.1.custom_id: Duplicate custom_id a');
    expect(await errorOf([])).toContain('requests: at least one request is required');
  });
});

describe('cancel, delete, expire', () => {
  it('cancels unanswered entries, and deletes only ended batches', async () => {
    const claude = await simulate(never);
    const { batches } = claude.client.messages;
    const { id } = await batches.create({ requests: [entry('a')] });
    await expect(batches.delete(id)).rejects.toThrow('still in progress');
    await expect(batches.results(id)).rejects.toThrow('results_url');
    expect(await batches.cancel(id)).toMatchObject({ processing_status: 'canceling' });
    expect((await ended(claude, id)).request_counts).toMatchObject({ canceled: 1, processing: 0 });
    expect((await resultsOf(claude, id)).get('a')).toEqual({ type: 'canceled' });
    expect(await batches.delete(id)).toEqual({ id, type: 'message_batch_deleted' });
    await expect(batches.retrieve(id)).rejects.toThrow('Not found');
    expect((await claude.stats()).answered).toBe(0);
  });

  it('expires entries that are not processed within its lifetime', async () => {
    const claude = await simulate({ batches: { processingMs: 3_600_000, lifetimeMs: 5 } });
    const { id } = await claude.client.messages.batches.create({ requests: [entry('a')] });
    expect((await ended(claude, id)).request_counts).toMatchObject({ expired: 1 });
    expect((await resultsOf(claude, id)).get('a')).toEqual({ type: 'expired' });
  });
});

it('lists batches in pages, newest first', async () => {
  const { client } = await simulate(never);
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    ids.unshift((await client.messages.batches.create({ requests: [entry(name)] })).id);
  }
  const listed: string[] = [];
  for await (const { id } of client.messages.batches.list({ limit: 2 })) listed.push(id);
  expect(listed).toEqual(ids);
  const before = await client.messages.batches.list({ before_id: ids[2] ?? '', limit: 1 });
  expect(before).toMatchObject({ data: [{ id: ids[1] }], has_more: true });
});

describe('faults', () => {
  it('apply to the creation: rejected, or created although the connection broke', async () => {
    const { client } = await simulate({ ...never, faults: { script: ['429', 'disconnect'] } });
    const create = () => client.messages.batches.create({ requests: [entry('a')] });
    await expect(create()).rejects.toMatchObject({ status: 429 });
    expect((await client.messages.batches.list()).data).toHaveLength(0);
    await expect(create()).rejects.toThrow('Connection error');
    expect((await client.messages.batches.list()).data).toHaveLength(1);
  });

  it('of answers depend on the content of each entry', async () => {
    const claude = await simulate({ ...soon, faults: { rates: { 'broken-json': 1 } } });
    const params = ask('json', { output_config: jsonFormat() });
    const { id } = await claude.client.messages.batches.create({ requests: [entry('a', params)] });
    await ended(claude, id);
    expect((await resultsOf(claude, id)).get('a')).toMatchObject({
      message: { content: [{ text: '{"text":"json","pa' }] },
    });
  });
});

it('keeps batches and results across restarts, with a ledger line per answer', async () => {
  const dataDir = await folder();
  const first = await simulate({ dataDir, batches: { processingMs: 200 } });
  const { id } = await first.client.messages.batches.create({ requests: [entry('task-1_0'), entry('task-2_0')] });
  await first.close();
  const second = await simulate({ dataDir, ...soon });
  await ended(second, id);
  await second.close();
  const third = await simulate({ dataDir, ...soon });
  expect([...(await resultsOf(third, id)).keys()]).toEqual(['task-1_0', 'task-2_0']);
  const ledger = await readFile(join(dataDir, 'claude-ledger.jsonl'), 'utf8');
  const lines = ledger
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(lines).toMatchObject([
    { stepId: 'task-1_0', batch: true, outcome: 'answered' },
    { stepId: 'task-2_0', batch: true, outcome: 'answered' },
  ]);
});

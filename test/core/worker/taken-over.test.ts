import { describe, expect, it } from 'vitest';
import { defineAgent, type PrepareIo } from '#core/agents/define-agent.ts';
import { collect } from '#core/economy/collect.ts';
import type { CollectPorts } from '#core/economy/ports.ts';
import { settleBatch } from '#core/economy/settle.ts';
import { NO_USAGE } from '#core/models/price.ts';
import type { BatchResult } from '#core/ports/batch-model.ts';
import type { TaskOutcome } from '#core/ports/notifier.ts';
import { pausePool } from '#core/pools/pause.ts';
import { FLEET } from '#core/pools/pool.ts';
import { canaryAgent } from '#core/regions/canary-agent.ts';
import { adopted } from '#core/regions/adopt.ts';
import { CANARY, canaryId } from '#core/regions/canary.ts';
import type { Homes } from '#core/regions/home.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import { treeCostOf } from '#core/tasks/cost.ts';
import { regionInFront } from '#core/tasks/task-id.ts';
import type { WorkMessage } from '#core/tasks/work-message.ts';
import { work } from '#core/worker/work.ts';
import { sampleTask } from '../../contract/samples.ts';
import { inMemoryBatchModel } from '../../support/fakes/in-memory-batch-model.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { adder, adderOptions, workerHarness } from '../../support/worker-harness.ts';

const NAMES = ['us', 'eu', 'ap'] as const;
const [US, EU] = [0, 1];
const homes = (here: number): Homes => ({ here, names: NAMES });
const OBJECT = { bucket: 'eu-documents', key: 'uploads/batch-1/a.txt', etag: 'e', size: 5 };
const ITEM: WorkMessage = {
  type: 'item',
  tenant: 'default',
  runId: 'eu.night-1',
  item: { id: 'one' },
  workflow: 'companies',
  deadline: Date.UTC(2100, 0),
  maxUsd: 1,
  taskToken: 'token',
};

/** An agent that reads its object, as those of documents do. */
const reader = defineAgent({
  ...adderOptions,
  name: 'reader',
  async prepare(_: unknown, { artifacts }: Pick<PrepareIo, 'artifacts'>) {
    const text = new TextDecoder().decode(await artifacts.get(OBJECT));
    return { content: [{ type: 'text', text }], context: undefined };
  },
});

/** The same of a document whose digest is known. */
const copyReader = defineAgent({
  ...adderOptions,
  name: 'reader',
  async prepare(_: unknown, { artifacts }: Pick<PrepareIo, 'artifacts'>) {
    const text = new TextDecoder().decode(await artifacts.get({ ...OBJECT, sha256: 'digest of hello' }));
    return { content: [{ type: 'text', text }], context: undefined };
  },
});

const deliver = (h: ReturnType<typeof workerHarness>, message: WorkMessage, change: object = {}) => {
  const received = { extend: async () => undefined };
  const runs = inMemoryRunStore();
  return work({ ...h.ports, runs, ...change }, h.agent, { message, received, timeLeftMs: () => 300_000 });
};

describe('the task of a run', () => {
  it('has the home of the region of its run', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    await deliver(h, ITEM, { homes: homes(EU) });
    const [answer] = h.notifier.answers;
    expect(answer?.outcome).toMatchObject({
      taskId: expect.stringMatching(/^eu\.adder-/) as string,
      status: 'succeeded',
    });
    const us = workerHarness([{ json: { sum: 3 } }]);
    await deliver(us, { ...ITEM, runId: 'night-1' }, { homes: homes(US) });
    expect(us.notifier.answers[0]?.outcome.taskId).toMatch(/^adder-/);
  });

  it('that an earlier version of the agent accepted is found there', async () => {
    const old = workerHarness([{ json: { sum: 3 } }]);
    await deliver(old, ITEM, { homes: homes(EU) });
    const next = defineAgent({ ...adderOptions, version: '2', earlier: [adder] });
    const again = workerHarness([{ json: { sum: 9 } }], next);
    await deliver(again, ITEM, { homes: homes(EU), store: old.store, notifier: old.notifier });
    expect(again.model.requests).toHaveLength(0);
    expect(new Set(old.notifier.answers.map(({ outcome }) => outcome.taskId)).size).toBe(1);
  });
});

describe('a document in a bucket of a lost region', () => {
  it('lets its task wait for that region, at no attempt, and it goes on there', async () => {
    const h = workerHarness([{ json: { sum: 3 } }], reader);
    await h.artifacts.put(OBJECT, 'hello', 'text/plain');
    const { id } = await h.accept({ runId: 'eu.batch-1', input: { object: OBJECT } }, { homes: homes(EU) });
    const denied = { ...h.artifacts, get: () => Promise.reject(new Error('AccessDenied')) };
    await h.deliver(id, { homes: homes(US), artifacts: denied });
    expect(await h.task(id)).toMatchObject({ attempts: 0, state: { status: 'parked', cause: 'throttled' } });
    h.clock.advance(120_000);
    await h.deliver(id, { homes: homes(EU) });
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('is read from its copy here, if that has the bytes that were accepted', async () => {
    const copies = {
      bucket: 'copies-us',
      digest: (bytes: Uint8Array) => `digest of ${new TextDecoder().decode(bytes)}`,
    };
    const here = { homes: homes(US), copies };
    const h = workerHarness([{ json: { sum: 3 } }], copyReader);
    const { id } = await h.accept({ runId: 'eu.batch-1', input: { object: OBJECT } }, { homes: homes(EU) });
    // A third region has an upload of the same name.
    await h.artifacts.put({ ...OBJECT, bucket: 'copies-us' }, 'other', 'text/plain');
    await h.deliver(id, here);
    expect(await h.task(id)).toMatchObject({ attempts: 0, state: { status: 'parked', cause: 'throttled' } });
    await h.artifacts.put({ ...OBJECT, bucket: 'copies-us' }, 'hello', 'text/plain');
    h.clock.advance(120_000);
    await h.deliver(id, here);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('fails the task in its own region, as in a fleet of one', async () => {
    const h = workerHarness([{ json: { sum: 3 } }], reader);
    const { id } = await h.accept({ runId: 'eu.batch-1', input: { object: OBJECT } }, { homes: homes(EU) });
    await h.deliver(id, { homes: homes(EU) });
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'permanent' } });
  });
});

describe('an uploaded input', () => {
  const UPLOADED = { bucket: 'inputs-us', key: 'inputs/default/1.json' };

  it('is read from the copy of the region that works on the task, and waited for until it is there', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const eu = { homes: homes(EU), inputs: 'inputs-eu' };
    const { id } = await h.accept({ runId: 'eu.r', input: null, inputAt: UPLOADED }, { homes: homes(EU) });
    await h.artifacts.put(UPLOADED, '[1,2]', 'application/json');
    await h.deliver(id, eu);
    expect(await h.task(id)).toMatchObject({ attempts: 0, state: { status: 'parked', cause: 'throttled' } });
    await h.artifacts.put({ ...UPLOADED, bucket: 'inputs-eu' }, '[1,2]', 'application/json');
    h.clock.advance(120_000);
    await h.deliver(id, eu);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });
});

describe('a token of a lost region', () => {
  it('is answered by the sweeper when that region is back, once, and holds up nothing', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const { id } = await h.accept({ runId: 'eu.night-1', waiter: 'token' }, { homes: homes(EU) });
    let isBack = false;
    const told: TaskOutcome[] = [];
    const notifier = {
      async answer(_: string, outcome: TaskOutcome) {
        if (!isBack) return 'later' as const;
        told.push(outcome);
        return 'answered' as const;
      },
    };
    // Its message is done, although nobody was told.
    expect(await h.deliver(id, { notifier, homes: homes(US) })).toBe('delete');
    expect((await h.task(id)).state).toMatchObject({ status: 'succeeded', notified: false });
    h.clock.advance(120_000);
    expect(await sweep({ ...h.ports, notifier }, () => true)).toEqual({ resent: 0, expired: 0, notified: 0 });
    isBack = true;
    expect((await sweep({ ...h.ports, notifier }, () => true)).notified).toBe(1);
    expect((await sweep({ ...h.ports, notifier }, () => true)).notified).toBe(0);
    expect(told.map(({ taskId }) => taskId)).toEqual([id]);
    expect((await h.task(id)).state).toMatchObject({ notified: true });
  });
});

describe('a canary', () => {
  it('is done although the fleet is paused, and so is its pool: the region works, and keeps its homes', async () => {
    const h = workerHarness([{ json: { sum: 3 } }], canaryAgent);
    for (const pool of [FLEET, CANARY]) await pausePool(h.ports, pool, { reason: 'r', by: 'ada' });
    const id = canaryId(EU, '0b9bd5e2-6f11-4a43-9b0a-6d5e0c1f7a11', NAMES);
    await h.store.create(
      sampleTask({ id, agent: CANARY, input: {}, createdAt: h.clock.now(), deadline: h.clock.now() + 60_000 }),
    );
    await h.deliver(id, { homes: homes(EU) });
    expect((await h.task(id)).state.status).toBe('succeeded');
  });
});

describe('a batch of model calls', () => {
  it('has tasks of one home, which its id names, so that it goes on where they do', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const model = inMemoryBatchModel(
      ({ customId }) => ({ customId, kind: 'expired' }),
      () => h.clock.now(),
    );
    const polled: { readonly name: string; readonly batch: string }[] = [];
    const polls = { start: async (name: string, { batch }: { batch: string }) => void polled.push({ name, batch }) };
    const ports: CollectPorts = { ...h.ports, batchModel: model, polls };
    const deadline = h.clock.now() + 48 * 3_600_000;
    for (const [idempotencyKey, runId] of [
      ['a', 'eu.r'],
      ['b', 'r'],
      ['c', 'eu.r'],
    ] as const)
      await h.accept({ priority: 'economy', deadline, idempotencyKey, runId }, { homes: homes(EU) });
    expect(await collect(ports, [adder], () => true)).toEqual({ batches: 2, entries: 3 });
    const batches = await Promise.all(polled.map(async ({ batch }) => h.batches.get(batch)));
    for (const batch of batches) {
      const own = batch?.entries.map(({ taskId }) => regionInFront(taskId)) ?? [];
      expect(new Set([...own, regionInFront(batch?.id ?? '')]).size).toBe(1);
      for (const { customId } of batch?.entries ?? []) expect(customId).toMatch(/^[\w-]{1,64}$/);
    }
    expect(batches.map((batch) => batch?.entries.length ?? 0).toSorted((a, b) => a - b)).toEqual([1, 2]);
    for (const { name } of polled) expect(name).toMatch(/^[\w-]{1,80}$/);
    for (const { id } of model.made) model.end(id);
    for (const { batch } of polled) expect(await settleBatch(ports, batch)).toEqual({ over: true });
  });

  /** A task whose call lies in a batch that has ended, with one result, when its home is taken over. */
  async function takenOver(result: object, pledged: number) {
    const agent = defineAgent({ ...adderOptions, dayBudget: { usd: 10 } });
    const h = workerHarness([{ json: { sum: 9 } }], agent);
    const model = inMemoryBatchModel(
      ({ customId }) => ({ ...result, customId }) as BatchResult,
      () => h.clock.now(),
    );
    const polled: string[] = [];
    const polls = { start: async (_: string, { batch }: { batch: string }) => void polled.push(batch) };
    const ports: CollectPorts = { ...h.ports, batchModel: model, polls };
    const { id } = await h.accept({ priority: 'economy', deadline: h.clock.now() + 48 * 3_600_000, runId: 'eu.r' });
    await collect(ports, [agent], () => true);
    const before = await h.task(id);
    const at = { of: 'agent', name: agent.name, day: before.batch?.held[0]?.day ?? '' } as const;
    const held = await h.daySpend.read(at);
    const takeOver = async () =>
      h.store.replace(adopted(await h.task(id), 16, { mayHaveSpent: pledged }, h.clock.now()));
    const settle = async () => {
      for (const { id: made } of model.made) model.end(made);
      for (const batch of polled) await settleBatch(ports, batch);
      return h.task(id);
    };
    const day = () => h.daySpend.read(at);
    return { h, id, ports, model, before, held, takeOver, settle, day, agent };
  }
  const ANSWERED = {
    kind: 'succeeded',
    answer: {
      content: [{ type: 'text', text: '{"sum":3}' }],
      stopReason: 'end',
      usage: { ...NO_USAGE, input: 20, output: 5 },
      model: 'claude',
      requestId: 'r',
    },
  } as const;

  it('is not paid for again after a takeover: its answers are those of its tasks (I3)', async () => {
    const { h, id, ports, model, takeOver, settle, agent } = await takenOver(ANSWERED, 0);
    await takeOver();
    h.clock.advance(20 * 60_000);
    await sweep(h.ports, () => true);
    expect(await settle()).toMatchObject({ state: { status: 'queued' }, steps: [1], reservation: null });
    expect(await collect(ports, [agent], () => true)).toEqual({ batches: 0, entries: 0 });
    await h.deliver(id);
    expect(await h.task(id)).toMatchObject({ state: { status: 'succeeded', output: { sum: 3 } } });
    expect([model.made.length, h.model.requests.length]).toEqual([1, 0]);
  });

  it.each([
    ['answered', ANSWERED],
    ['expired', { kind: 'expired' }],
    ['failed', { kind: 'failed', failure: { kind: 'permanent', reason: 'r', notBilled: true } }],
  ] as const)('that is %s leaves charged what the lost region may have spent (I4)', async (_, result) => {
    const { before, held, takeOver, settle, day } = await takenOver(result, 1.2);
    await takeOver();
    const after = await settle();
    expect(before.reservation?.usd).toBeGreaterThan(0);
    expect(before.batch?.held).toHaveLength(1);
    // It may have settled the same batch, and spent the rest of its limit on the calls after it.
    expect(treeCostOf(after).usd).toBeCloseTo(1.2, 6);
    // Its counter is its own, so what it holds is not given back here as well.
    expect(await day()).toEqual(held);
  });

  it('gives the day back what its call did not cost, in the region that made it', async () => {
    const { settle, day } = await takenOver({ kind: 'expired' }, 0);
    await settle();
    expect((await day()).held.usd).toBe(0);
  });

  it('is made for the next home where the inputs of one cannot be read yet, and those tasks wait a minute', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const model = inMemoryBatchModel(({ customId }) => ({ customId, kind: 'expired' }));
    const deadline = h.clock.now() + 30 * 3_600_000;
    const economy = { priority: 'economy', input: null } as const;
    const key = 'inputs/default/1.json';
    const theirs = { ...economy, deadline, runId: 'eu.r', inputAt: { bucket: 'inputs-eu', key } };
    const { id } = await h.accept(theirs, { homes: homes(EU) });
    await h.accept({ ...economy, input: [1, 2], deadline: deadline + 1, runId: 'r' }, { homes: homes(EU) });
    const polls = { start: async () => undefined };
    const here = { homes: homes(US), inputs: 'inputs-us' };
    const ports: CollectPorts = { ...h.ports, ...here, batchModel: model, polls };
    expect(await collect(ports, [adder], () => true)).toEqual({ batches: 1, entries: 1 });
    const until = h.clock.now() + 60_000;
    expect(await h.task(id)).toMatchObject({ attempts: 0, state: { status: 'parked', cause: 'batch', until } });
    await h.artifacts.put({ bucket: 'inputs-us', key }, '[1,2]', 'application/json');
    h.clock.advance(60_000);
    expect(await collect(ports, [adder], () => true)).toEqual({ batches: 1, entries: 1 });
  });
});

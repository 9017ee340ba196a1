import { describe, expect, it } from 'vitest';
import { cancelBulkAction, getBulkAction } from '#core/api/bulk/rules.ts';
import { PAGE_SIZE } from '#core/bulk/action.ts';
import type { Task } from '#core/tasks/task.ts';
import { bulkFleet, CALLER, failed } from './support.ts';

const ADDERS = { agent: 'adder' };
const MANY = PAGE_SIZE * 2 + 10;

describe('a bulk action', () => {
  it('A1: is for the tasks that matched when it was accepted', async () => {
    const fleet = bulkFleet();
    const tasks = await fleet.addMany(MANY);
    const { id, count } = await fleet.submit({ action: 'cancel', filter: ADDERS });
    const later = await fleet.add();
    expect(count).toBe(MANY);
    expect(fleet.messages).toEqual([expect.objectContaining({ id })]);
    expect(await fleet.run(id)).toBe('ended');
    expect(await fleet.action(id)).toMatchObject({ done: MANY, skipped: 0, failed: 0, page: 3 });
    for (const { id: task } of tasks) expect((await fleet.task(task)).state.status).toBe('cancelled');
    expect((await fleet.task(later.id)).state.status).toBe('queued');
  });

  it('A2: goes on after a crash where it stopped, with an outcome for each task', async () => {
    const fleet = bulkFleet();
    await fleet.addMany(MANY);
    const { id } = await fleet.submit({ action: 'cancel', filter: ADDERS });
    expect(await fleet.run(id, 1)).toBe('out-of-time');
    expect(await fleet.action(id)).toMatchObject({ done: PAGE_SIZE, page: 1 });
    const dies = { ...fleet.bulk, writePage: () => Promise.reject(new Error('The worker died.')) };
    await expect(fleet.run(id, Infinity, { bulk: dies })).rejects.toThrow('died');
    expect(await fleet.run(id)).toBe('ended');
    expect(await fleet.action(id)).toMatchObject({ done: MANY, skipped: 0, failed: 0 });
    expect((await fleet.items(id)).every(({ outcome }) => outcome === 'done')).toBe(true);
    expect(await fleet.run(id)).toBe('ended');
    expect(await fleet.run('bulk-none')).toBe('not-found');
  });

  it('A3: retries each task once, however often a page begins again and however many work on it', async () => {
    const fleet = bulkFleet();
    const tasks = await fleet.addMany(MANY, { state: failed() });
    const { id } = await fleet.submit({ action: 'retry', filter: ADDERS });
    const dies = { ...fleet.bulk, write: () => Promise.reject(new Error('The worker died.')) };
    await expect(fleet.run(id, Infinity, { bulk: dies })).rejects.toThrow('died');
    expect(await Promise.all([fleet.run(id), fleet.run(id), fleet.run(id)])).toEqual(['ended', 'ended', 'ended']);
    expect(await fleet.action(id)).toMatchObject({ done: MANY, failed: 0, skipped: 0 });
    const items = await fleet.items(id);
    expect(items.map(({ task }) => task)).toEqual(tasks.map((task) => task.id));
    const made: Task[] = [];
    for await (const { id: each } of fleet.store.list({ tenant: 'acme' })) made.push(await fleet.task(each));
    const retries = made.filter(({ retryOf }) => retryOf !== undefined);
    expect(retries).toHaveLength(MANY);
    expect(new Set(items.map(({ retriedAs }) => retriedAs))).toEqual(new Set(retries.map((retry) => retry.id)));
  });

  it('says why a task was skipped or failed, and goes on', async () => {
    const fleet = bulkFleet();
    const [gone, open] = (await fleet.addMany(2)) as [Task, Task];
    const cancel = await fleet.submit({ action: 'cancel', filter: ADDERS });
    const state = { status: 'succeeded' as const, output: {}, warnings: [], finishedAt: 1, notified: true };
    await fleet.store.replace({ ...gone, version: 2, state });
    await fleet.run(cancel.id);
    expect(await fleet.items(cancel.id)).toEqual([
      { task: gone.id, outcome: 'skipped', reason: 'The task has already ended: succeeded.' },
      { task: open.id, outcome: 'done' },
    ]);
    const lost = await fleet.add({ agent: 'removed', state: failed() });
    const retry = await fleet.submit({ action: 'retry', filter: { tasks: [lost.id] } });
    await fleet.run(retry.id);
    expect(await fleet.items(retry.id)).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('removed') },
    ]);
  });

  it('retries the tasks of a session in their order (I11)', async () => {
    const fleet = bulkFleet();
    const tasks = await fleet.addMany(5, { state: failed(), sessionId: 'talk' });
    const { id } = await fleet.submit({ action: 'retry', filter: ADDERS });
    await fleet.run(id);
    const retried = new Map((await fleet.items(id)).map(({ task, retriedAs }) => [task, retriedAs]));
    const session = await fleet.sessions.get('acme', 'talk');
    expect(session?.waiting).toEqual(tasks.map((task) => retried.get(task.id)));
  });

  it('is stopped after the page under way; the rest has no outcome', async () => {
    const fleet = bulkFleet();
    await fleet.addMany(MANY);
    const { id = '' } = await fleet.submit({ action: 'cancel', filter: ADDERS });
    await fleet.run(id, 1);
    expect(await cancelBulkAction(fleet.ports, CALLER, id)).toMatchObject({ status: 'running' });
    expect(await fleet.run(id)).toBe('ended');
    const view = { status: 'cancelled', done: PAGE_SIZE, waiting: MANY - PAGE_SIZE };
    expect(await cancelBulkAction(fleet.ports, CALLER, id)).toMatchObject(view);
    const { items, next } = await getBulkAction(fleet.ports, CALLER, id, { limit: 60 });
    expect(items.filter(({ outcome }) => outcome === 'done')).toHaveLength(PAGE_SIZE);
    expect((await getBulkAction(fleet.ports, CALLER, id, { limit: 60, cursor: next })).items).toHaveLength(MANY - 60);
    const skipped = { outcome: 'skipped' as const, limit: 60 };
    expect(await getBulkAction(fleet.ports, CALLER, id, skipped)).toMatchObject({ items: [] });
  });
});

describe('an idempotency key (I10)', () => {
  it('is one action, whose message is sent again while it runs; another body is rejected', async () => {
    const fleet = bulkFleet();
    await fleet.addMany(3);
    const body = { action: 'cancel', filter: ADDERS };
    const first = await fleet.submit(body, CALLER, 'k');
    await fleet.add();
    const again = await fleet.submit(body, CALLER, 'k');
    expect(again).toMatchObject({ id: first.id, count: 3 });
    expect(fleet.messages).toHaveLength(2);
    await fleet.run(first.id);
    await fleet.submit(body, CALLER, 'k');
    expect(fleet.messages).toHaveLength(2);
    const other = fleet.submit({ ...body, filter: { status: 'queued' } }, CALLER, 'k');
    await expect(other).rejects.toMatchObject({ kind: 'cannot-accept' });
  });

  it('belongs to its tenant (I8)', async () => {
    const fleet = bulkFleet();
    await fleet.add();
    const body = { action: 'cancel', filter: ADDERS };
    const { id = '' } = await fleet.submit(body, CALLER, 'k');
    const other = { ...CALLER, tenant: 'other' };
    expect((await fleet.submit(body, other, 'k')).id).not.toBe(id);
    await expect(getBulkAction(fleet.ports, other, id, { limit: 1 })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(cancelBulkAction(fleet.ports, other, id)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('the cost of a bulk action', () => {
  it('is what its tasks cost before, or their agent’s average if that is more, and at most their budgets', async () => {
    const fleet = bulkFleet();
    const spend = (usd: number): Pick<Task, 'spend' | 'budget'> => ({
      spend: { usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, usd, lost: { tokens: 0, usd: 0 } },
      budget: { tokens: 1_000, usd: 2 },
    });
    await fleet.add({ state: failed(), ...spend(0.01) });
    await fleet.add({ state: failed(), ...spend(1.5) });
    const day = new Date(fleet.clock.now()).toISOString().slice(0, 10);
    const models = {
      m: { calls: 1, usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, usd: 2, savedUsd: 0, lostUsd: 0 },
    };
    await fleet.usage.add({ tenant: 'acme', agent: 'adder', day }, { models, ended: { succeeded: 4 } });
    const retry = await fleet.submit({ action: 'retry', filter: ADDERS, dryRun: true });
    expect(retry).toMatchObject({ count: 2, spentUsd: 1.51, usd: 2, maxUsd: 4, agents: { adder: 2 } });
    await fleet.add(spend(0.25));
    const cancel = await fleet.submit({ action: 'cancel', filter: ADDERS, dryRun: true });
    expect(cancel).toMatchObject({ count: 1, spentUsd: 0.25, usd: 0, maxUsd: 0 });
    expect(fleet.messages).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { retryTask } from '#core/api/tasks/retry-task.ts';
import { selectTasks, MAX_BULK_TASKS } from '#core/bulk/select.ts';
import type { Task } from '#core/tasks/task.ts';
import { bulkFleet, CALLER, failed } from './support.ts';

const ids = (tasks: readonly Pick<Task, 'id'>[]): string[] => tasks.map(({ id }) => id);
const parked = (cause: 'throttled' | 'paused'): Task['state'] => ({ status: 'parked', cause, until: 0 });

describe('a bulk action is for', () => {
  it('cancel: tasks that have not ended, by agent, status, cause, run and time', async () => {
    const fleet = bulkFleet();
    const [first] = await fleet.addMany(2);
    const throttled = await fleet.add({ state: parked('throttled'), runId: 'run-1' });
    await fleet.add({ state: parked('paused') });
    await fleet.add({ agent: 'other', runId: 'run-1' });
    await fleet.add({ state: failed() });
    const count = async (filter: object) => (await fleet.submit({ action: 'cancel', filter, dryRun: true })).count;
    expect(await count({ agent: 'adder' })).toBe(4);
    expect(await count({ agent: 'adder', status: 'parked' })).toBe(2);
    expect(await count({ cause: 'throttled' })).toBe(1);
    expect(await count({ runId: 'run-1' })).toBe(2);
    expect(await count({ agent: 'adder', runId: 'run-1' })).toBe(1);
    const until = new Date(throttled.createdAt).toISOString();
    expect(await count({ until })).toBe(2);
    expect(await count({ since: until, agent: 'adder' })).toBe(2);
    expect(await count({ tasks: [first?.id, 'task-none'] })).toBe(1);
  });

  it('retry: failed tasks that were not retried before, and cancelled ones only if the status says so', async () => {
    const fleet = bulkFleet();
    const [retried, open] = (await fleet.addMany(2, { state: failed() })) as [Task, Task];
    const cancelled = await fleet.add({ state: { status: 'cancelled', finishedAt: 0, notified: true } });
    await retryTask(fleet.ports, CALLER, retried.id);
    const sample = async (filter: object) =>
      ids((await fleet.submit({ action: 'retry', filter, dryRun: true })).sample as never);
    expect(await sample({ agent: 'adder' })).toEqual([open.id]);
    expect(await sample({ cause: 'transient' })).toEqual([open.id]);
    expect(await sample({ agent: 'adder', status: 'cancelled' })).toEqual([cancelled.id]);
  });

  it('redrive: dead letters of the agents, oldest first', async () => {
    const fleet = bulkFleet();
    const dead = await fleet.addMany(3, { state: failed('crashed') });
    await fleet.add({ state: failed() });
    const { count, sample } = await fleet.submit({ action: 'redrive', filter: { status: 'failed' }, dryRun: true });
    expect(count).toBe(3);
    expect(ids(sample as never)).toEqual(ids(dead));
  });

  it('I8: the tenant’s tasks only, and those of the agents that the key may use', async () => {
    const fleet = bulkFleet();
    const foreign = await fleet.add({ tenant: 'evil' });
    await fleet.add({ agent: 'other' });
    const limited = { ...CALLER, agents: ['adder'] };
    const filter = { tasks: [foreign.id] };
    expect((await fleet.submit({ action: 'cancel', filter, dryRun: true })).count).toBe(0);
    expect((await fleet.submit({ action: 'cancel', filter: { agent: 'adder' }, dryRun: true })).count).toBe(0);
    const since = '2020-01-01T00:00:00Z';
    expect((await fleet.submit({ action: 'cancel', filter: { since }, dryRun: true }, limited)).count).toBe(0);
    await expect(fleet.submit({ action: 'cancel', filter: { agent: 'other' } }, limited)).rejects.toMatchObject({
      kind: 'not-allowed',
    });
  });
});

describe('a bulk action is refused', () => {
  it('with a status that it cannot change, without a filter, and without the scope', async () => {
    const fleet = bulkFleet();
    const status = fleet.submit({ action: 'retry', filter: { status: 'succeeded' } });
    await expect(status).rejects.toMatchObject({ kind: 'invalid-request', errors: [{ field: 'filter.status' }] });
    expect(() => fleet.submit({ action: 'cancel', filter: {} })).toThrow(/at least one field/);
    const narrow = { ...CALLER, scopes: ['submit' as const] };
    const redrive = fleet.submit({ action: 'redrive', filter: { agent: 'adder' } }, narrow);
    await expect(redrive).rejects.toMatchObject({ kind: 'not-allowed' });
  });

  it('with more tasks than one may have, or a search that takes too long, but a dry run says so', async () => {
    const fleet = bulkFleet();
    await fleet.addMany(250, { state: failed() });
    let searched = 0;
    const { tasks, end } = await selectTasks(
      fleet.ports,
      CALLER,
      'retry',
      { agent: 'adder' },
      () => (searched += 1) < 2,
    );
    expect({ found: tasks.length, end }).toEqual({ found: 200, end: 'out-of-time' });
    const getMany = fleet.store.getMany.bind(fleet.store);
    const slow = fleet.store;
    slow.getMany = (...args) => {
      fleet.clock.advance(15_000);
      return getMany(...args);
    };
    const body = { action: 'retry', filter: { agent: 'adder' } };
    expect(await fleet.submit({ ...body, dryRun: true })).toMatchObject({ complete: false });
    await expect(fleet.submit(body)).rejects.toMatchObject({
      kind: 'cannot-accept',
      errors: [{ remedy: expect.stringContaining('since') }],
    });
    expect(MAX_BULK_TASKS).toBe(10_000);
  });
});

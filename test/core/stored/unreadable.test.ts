import { describe, expect, it } from 'vitest';
import { listPools } from '#core/api/pools/rules.ts';
import { getRun } from '#core/api/runs/rules.ts';
import { collect } from '#core/economy/collect.ts';
import type { PollInput } from '#core/economy/ports.ts';
import { recover } from '#core/economy/recover.ts';
import { settleBatch } from '#core/economy/settle.ts';
import { enterSession } from '#core/sessions/order.ts';
import { UnreadableRecord } from '#core/stored/record.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import { keyedTaskId, type TaskId } from '#core/tasks/task-id.ts';
import { taskKeyInRun } from '#core/runs/run.ts';
import type { Task } from '#core/tasks/task.ts';
import { inMemoryBatchModel } from '../../support/fakes/in-memory-batch-model.ts';
import { adder, workerHarness } from '../../support/worker-harness.ts';

/** Records that only a newer release can read, by their keys: a store's reads of them fail. */
const unreadable = new UnreadableRecord('A record', 'unexpected state.status');

const ANSWER = { json: { sum: 3 } };
const always = () => true;

type Harness = ReturnType<typeof workerHarness>;

/** The ports of a release that cannot read these tasks, with the writes that it makes all the same. */
function withoutReading(h: Harness, ids: readonly TaskId[]) {
  const written: TaskId[] = [];
  const store = {
    ...h.ports.store,
    async get(id: TaskId) {
      if (ids.includes(id)) throw unreadable;
      return h.ports.store.get(id);
    },
    async getMany(wanted: readonly TaskId[], onUnreadable?: (id: TaskId) => void) {
      for (const id of wanted) if (ids.includes(id)) onUnreadable?.(id);
      return h.ports.store.getMany(wanted.filter((id) => !ids.includes(id)));
    },
    async replace(next: Task) {
      written.push(next.id);
      return h.ports.store.replace(next);
    },
  };
  return { ports: { ...h.ports, store }, written };
}

describe('R2: a worker', () => {
  it('leaves the task of a message alone, and deletes the message: the sweeper of the other release sends another', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    const { ports, written } = withoutReading(h, [id]);
    expect(await h.deliver(id, ports)).toBe('delete');
    expect(written).toEqual([]);
    h.clock.advance(120_000);
    await sweep(h.ports, always);
    expect(h.queue.waiting()).toEqual([id]);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it.each(['steps', 'pools'] as const)(
    'parks a task that depends on unreadable %s, without an attempt',
    async (kind) => {
      const h = workerHarness([ANSWER]);
      const { id } = await h.accept();
      const fail = (): Promise<never> => Promise.reject(unreadable);
      const ports =
        kind === 'steps' ? { store: { ...h.ports.store, steps: fail } } : { pools: { ...h.ports.pools, view: fail } };
      // Steps are read once a call has been under way.
      if (kind === 'steps') {
        const task = await h.task(id);
        const reservation = { step: 0, epoch: 1, tokens: 1, usd: 0.01, model: 'claude-haiku-5-5' };
        await h.store.replace({ ...task, version: task.version + 1, epoch: 1, reservation });
      }
      expect(await h.deliver(id, ports)).toBe('delete');
      expect(await h.task(id)).toMatchObject({
        attempts: 0,
        crashes: 0,
        state: { status: 'parked', cause: 'yielded' },
      });
      expect(h.model.requests).toEqual([]);
      h.clock.advance(61_000);
      await h.deliver(id);
      expect((await h.task(id)).state.status).toBe('succeeded');
    },
  );
});

describe('R3: others go on beside a record that this release cannot read', () => {
  it('the sweeper sends them, and does not fail', async () => {
    const h = workerHarness([ANSWER]);
    const [first, second, third] = [
      await h.accept({ idempotencyKey: 'a' }),
      await h.accept({ idempotencyKey: 'b' }),
      await h.accept({ idempotencyKey: 'c' }),
    ];
    h.clock.advance(120_000);
    const { ports, written } = withoutReading(h, [second.id]);
    expect(await sweep(ports, always, 'adder')).toEqual({ resent: 2, expired: 0, notified: 0 });
    expect(h.queue.waiting().toSorted()).toEqual([first.id, third.id].toSorted());
    expect(written).not.toContain(second.id);
  });

  it('I11: a session waits behind its unreadable task, and none overtakes it', async () => {
    const h = workerHarness([{ json: { sum: 1 } }, { json: { sum: 2 } }]);
    const say = async (key: string): Promise<Task> => {
      const task = await h.accept({ idempotencyKey: key, sessionId: 's' });
      await enterSession(h.ports, task);
      return task;
    };
    const [first, second] = [await say('a'), await say('b')];
    const { ports } = withoutReading(h, [first.id]);
    expect(await h.deliver(second.id, ports)).toBe('delete');
    expect((await h.task(second.id)).state).toMatchObject({ status: 'parked', cause: 'session' });
    for (const { id } of [first, second]) await h.deliver(id);
    expect((await h.task(second.id)).state.status).toBe('succeeded');
  });

  it('I12: an unreadable task keeps its permit', async () => {
    const h = workerHarness([ANSWER]);
    await h.limits.setTenant('acme', { concurrent: 1 });
    const [holder, other] = [
      await h.accept({ tenant: 'acme', idempotencyKey: 'a' }),
      await h.accept({ tenant: 'acme', idempotencyKey: 'b' }),
    ];
    await h.permits.write({ tenant: 'acme', version: 1, holders: { [holder.id]: 1 } });
    const { ports } = withoutReading(h, [holder.id]);
    await h.deliver(other.id, ports);
    expect((await h.task(other.id)).state).toMatchObject({ status: 'parked', cause: 'tenant-cap' });
    expect((await h.permits.get('acme'))?.holders).toEqual({ [holder.id]: 1 });
  });

  it('a collector takes the other tasks, and settles a batch only when all of its tasks can be read', async () => {
    const h = workerHarness([ANSWER]);
    const deadline = h.clock.now() + 48 * 3_600_000;
    const [left, taken, newer] = [
      await h.accept({ idempotencyKey: 'a', priority: 'economy', deadline }),
      await h.accept({ idempotencyKey: 'b', priority: 'economy', deadline }),
      await h.accept({ idempotencyKey: 'c', priority: 'economy', deadline }),
    ];
    const batchModel = inMemoryBatchModel(
      ({ customId }) => ({ customId, kind: 'expired' }),
      () => h.clock.now(),
    );
    const polled: string[] = [];
    const polls = { start: async (_: string, { batch }: PollInput) => void polled.push(batch) };
    const economy = { batchModel, polls };
    const collector = withoutReading(h, [left.id]);
    expect(await collect({ ...collector.ports, ...economy }, [adder], always)).toEqual({ batches: 1, entries: 2 });
    const [batch = ''] = polled;
    batchModel.end(batchModel.made[0]?.id ?? '');
    const settler = withoutReading(h, [newer.id]);
    expect(await settleBatch({ ...settler.ports, ...economy }, batch)).toEqual({ over: false });
    expect((await h.task(taken.id)).batch).toBeUndefined();
    expect((await h.task(newer.id)).batch?.id).toBe(batch);
    expect(await settleBatch({ ...h.ports, ...economy }, batch)).toEqual({ over: true });
    expect((await h.task(newer.id)).batch).toBeUndefined();
  });

  it('a batch that cannot be read is neither settled nor given up, and the next one is recovered', async () => {
    const h = workerHarness([ANSWER]);
    const batchModel = inMemoryBatchModel(
      ({ customId }) => ({ customId, kind: 'expired' }),
      () => h.clock.now(),
    );
    const polls = { start: async () => undefined };
    const gathering = {
      agent: 'adder',
      begunAt: h.clock.now(),
      version: 1,
      entries: [],
      state: { status: 'gathering' },
    } as const;
    for (const id of ['newer', 'mine']) await h.batches.create({ ...gathering, id, entries: [] });
    const batches = {
      ...h.batches,
      get: (id: string) => (id === 'newer' ? Promise.reject(unreadable) : h.batches.get(id)),
    };
    const ports = { ...h.ports, batches, batchModel, polls };
    h.clock.advance(1_000_000);
    expect(await settleBatch(ports, 'newer')).toEqual({ over: false });
    await recover(ports, 'adder');
    expect((await h.batches.get('mine'))?.state.status).toBe('over');
    expect((await h.batches.get('newer'))?.state.status).toBe('gathering');
  });

  it('a run has not ended while one of its tasks cannot be read, and that one was not refused', async () => {
    const h = workerHarness([ANSWER]);
    const run = { id: 'run-1', tenant: 'acme', createdAt: 1, size: 2, digest: 'd' };
    const ids = [0, 1].map((index) => keyedTaskId(h.ids, 'acme', taskKeyInRun(run, index)));
    for (const index of [0, 1]) {
      await h.accept({ tenant: 'acme', keyScope: 'tenant', idempotencyKey: taskKeyInRun(run, index) });
    }
    const [first, second] = ids;
    if (!first || !second) throw new Error('There are two.');
    await h.deliver(first);
    const runs = {
      get: async () => run,
      create: async () => ({ created: false, run }),
      mark: async () => run,
      async *list() {},
    };
    const caller = { tenant: 'acme', keyId: 'k', scopes: [], agents: null };
    const { ports } = withoutReading(h, [second]);
    expect(await getRun({ ...ports, runs, ids: h.ids }, caller, run.id)).toMatchObject({
      status: 'running',
      refused: 0,
      tasks: { succeeded: 1 },
    });
  });

  it('the list of pools has the others', async () => {
    const h = workerHarness([ANSWER]);
    const pools = {
      ...h.ports.pools,
      get: (agent: string) => (agent === 'newer' ? Promise.reject(unreadable) : h.ports.pools.get(agent)),
    };
    const agents = new Map(['newer', 'adder'].map((name) => [name, {} as never]));
    const depths = { of: async () => ({ high: 0, default: 0, deadLetters: 0 }) };
    const caller = { tenant: 'acme', keyId: 'k', scopes: [], agents: null };
    const { pools: listed } = await listPools({ ...h.ports, pools, agents, depths }, caller, false);
    expect(listed.map(({ agent }) => agent)).toEqual(['adder']);
  });
});

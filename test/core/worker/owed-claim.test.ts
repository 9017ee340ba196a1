import { describe, expect, it } from 'vitest';
import { defineAgent, withServices } from '#core/agents/define-agent.ts';
import type { Governor } from '#core/governor/governor.ts';
import { apply } from '#core/tasks/apply.ts';
import { cancel } from '#core/tasks/finish.ts';
import { requeue } from '#core/tasks/progress.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import type { Disposal } from '#core/worker/work-item.ts';
import { work } from '#core/worker/work.ts';
import { heldModel } from '../../support/fakes/held-model.ts';
import { recordingTracer } from '../../support/fakes/recording-tracer.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };
type Harness = ReturnType<typeof workerHarness>;

/** Gives the first delivery of a task's message to a worker, or a later one. */
function deliver(h: Harness, taskId: TaskId, change: Partial<WorkerPorts> = {}, isFirst = true): Promise<Disposal> {
  const received = { extend: async () => undefined };
  const item = { message: { type: 'task', taskId }, received, timeLeftMs: () => 300_000, isFirst } as const;
  return work({ ...h.ports, ...change }, h.agent, item);
}

/** A store that keeps what was written, and a model that keeps the task as it was when it was called. */
function watched(h: Harness, id: TaskId) {
  const written: Task[] = [];
  const seen: Task[] = [];
  const store: WorkerPorts['store'] = {
    ...h.store,
    async replace(next) {
      written.push(next);
      return h.store.replace(next);
    },
  };
  const model: WorkerPorts['model'] = {
    ...h.model,
    async invoke(request) {
      seen.push(await h.task(id));
      return h.model.invoke(request);
    },
  };
  return { written, seen, change: { store, model } };
}

describe('the claim of a new task', () => {
  it('I2, I4: is written with the reservation of its first call, before that is made', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    const { written, seen, change } = watched(h, id);
    expect(await deliver(h, id, change)).toBe('delete');
    expect(seen[0]).toMatchObject({ version: 2, epoch: 1, reservation: { epoch: 1 }, state: { status: 'running' } });
    expect(written.map(({ version }) => version)).toEqual([2, 3]);
    expect(h.events.filter(({ type }) => type === 'task.claimed')).toEqual([
      { type: 'task.claimed', epoch: 1, waitedMs: 0 },
    ]);
  });

  it.each([
    ['a message that is delivered again', false, 0],
    ['a task that the sweeper has sent again', true, 1],
  ])('I2: is written by itself for %s: its workers may have died', async (_, isFirst, resends) => {
    const h = workerHarness([ANSWER]);
    const task = await h.accept();
    if (resends > 0) await apply(h.store, task, (current) => requeue(current, h.clock.now()));
    const { written, change } = watched(h, task.id);
    await deliver(h, task.id, change, isFirst);
    expect(written[0]).toMatchObject({ epoch: 1, reservation: null, state: { status: 'running' } });
  });

  it('is written with the end of a task that code answers', async () => {
    const agent = defineAgent({ ...adderOptions, prepare: async () => ({ output: { sum: 3 } }) });
    const h = workerHarness([ANSWER], agent);
    const { id } = await h.accept();
    const { written, change } = watched(h, id);
    await deliver(h, id, change);
    expect(written).toHaveLength(1);
    expect(await h.task(id)).toMatchObject({ version: 2, epoch: 1, state: { status: 'succeeded' } });
  });

  it('I2: is written before an agent with services is prepared: it may fetch or store something', async () => {
    const prepared: Task[] = [];
    const options = {
      ...adderOptions,
      prepare: async () => {
        prepared.push(await h.task(id));
        return { output: { sum: 3 } };
      },
    };
    const h = workerHarness([ANSWER], withServices(defineAgent(options), undefined));
    const { id } = await h.accept();
    await deliver(h, id);
    expect(prepared).toMatchObject([{ version: 2, epoch: 1, state: { status: 'running' } }]);
  });

  it('I2: is written before a slot is taken, which nobody gives back', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    const before: Task[] = [];
    const governor: WorkerPorts['governor'] = Object.assign(Object.create(h.ports.governor) as Governor, {
      acquireSlot: async (_: unknown, first: () => Promise<void>) => {
        await first();
        before.push(await h.task(id));
        return { kind: 'go', inMs: 0 } as const;
      },
    });
    await deliver(h, id, { governor });
    expect(before).toMatchObject([{ version: 2, epoch: 1, reservation: null }]);
  });

  it('I2: is written before an object is read: one that kills workers is counted from the first time on', async () => {
    const ref = { bucket: 'inputs', key: 'poison.pdf' };
    const agent = defineAgent({
      ...adderOptions,
      async prepare(_, { artifacts }) {
        await artifacts.get(ref);
        return { content: [{ type: 'text', text: 'It was read.' }], context: undefined };
      },
    });
    const h = workerHarness([ANSWER], agent);
    const { id } = await h.accept();
    const read: Task[] = [];
    const get = async () => {
      read.push(await h.task(id));
      return new Uint8Array();
    };
    await deliver(h, id, { artifacts: { ...h.artifacts, get } });
    expect(read[0]).toMatchObject({ epoch: 1, reservation: null, state: { status: 'running' } });
  });

  it('I12: is written before a permit is acquired', async () => {
    const h = workerHarness([ANSWER]);
    await h.limits.setTenant('default', { concurrent: 1 });
    const { id } = await h.accept();
    const acquired: Task[] = [];
    const write: WorkerPorts['permits']['write'] = async (permits) => {
      acquired.push(await h.task(id));
      return h.permits.write(permits);
    };
    await deliver(h, id, { permits: { ...h.permits, write } });
    expect(acquired[0]).toMatchObject({ epoch: 1, state: { status: 'running' } });
  });

  it('is written by the first heartbeat where nothing else is', async () => {
    const h = workerHarness([ANSWER]);
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const agent = defineAgent({
      ...adderOptions,
      async prepare() {
        begun.resolve();
        await go.promise;
        return { content: [{ type: 'text', text: 'Add.' }], context: undefined };
      },
    });
    const { id } = await h.accept();
    const received = { extend: async () => undefined };
    const message = { type: 'task', taskId: id } as const;
    const turn = work(h.ports, agent, { message, received, timeLeftMs: () => 300_000, isFirst: true });
    await begun.promise;
    expect((await h.task(id)).state.status).toBe('queued');
    h.clock.advance(5_000);
    await expect.poll(async () => (await h.task(id)).state.status).toBe('running');
    go.resolve();
    expect(await turn).toBe('delete');
  });
});

describe('a worker whose owed claim comes too late', () => {
  /** Lets `first` happen between the read of the task and the first write of its worker. */
  function overtaken(h: Harness, first: () => Promise<unknown>): Partial<WorkerPorts> {
    let before: Promise<unknown> | null = null;
    const replace: WorkerPorts['store']['replace'] = async (next) => {
      before ??= first();
      await before;
      return h.store.replace(next);
    };
    return { store: { ...h.store, replace } };
  }

  it('I2, I3: leaves the task to the worker that was first, calls no model and leaves no span', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    const { model, called, letGo } = heldModel(h.model);
    const other = deliver(h, id, { model });
    const tracer = recordingTracer();
    expect(await deliver(h, id, { ...overtaken(h, () => called), tracer })).toBe('keep');
    expect(tracer.spans).toEqual([]);
    letGo();
    expect(await other).toBe('delete');
    expect(h.model.requests).toHaveLength(1);
    expect(await h.task(id)).toMatchObject({ epoch: 1, crashes: 0, state: { status: 'succeeded' } });
  });

  it('finds a task that was cancelled ended, and releases what it held of the day', async () => {
    const h = workerHarness([ANSWER]);
    await h.limits.setTenant('default', { dayUsd: 100 });
    const task = await h.accept();
    const change = overtaken(h, () => apply(h.store, task, (current) => cancel(current, h.clock.now())));
    expect(await deliver(h, task.id, change)).toBe('delete');
    expect(h.model.requests).toEqual([]);
    expect(await h.task(task.id)).toMatchObject({ epoch: 0, state: { status: 'cancelled', notified: true } });
  });

  it('goes on with a task that only got another waiter', async () => {
    const h = workerHarness([ANSWER]);
    const task = await h.accept();
    const change = overtaken(h, () => h.store.replace({ ...task, waiters: ['token'], version: task.version + 1 }));
    expect(await deliver(h, task.id, change)).toBe('delete');
    expect(h.model.requests).toHaveLength(1);
    expect(h.notifier.answers).toHaveLength(1);
  });

  it('knows its own claim when the answer to the write was lost', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    let lost = false;
    const replace: WorkerPorts['store']['replace'] = async (next) => {
      const outcome = await h.store.replace(next);
      if (lost) return outcome;
      lost = true;
      throw new Error('no answer');
    };
    expect(await deliver(h, id, { store: { ...h.store, replace } })).toBe('delete');
    const task = await h.task(id);
    expect(task).toMatchObject({ epoch: 1, crashes: 0, attempts: 1, state: { status: 'parked', cause: 'backoff' } });
  });
});

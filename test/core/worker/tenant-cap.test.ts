import { describe, expect, it } from 'vitest';
import { sweep } from '#core/sweeper/sweep.ts';
import { lookAgain } from '#core/tenants/cap.ts';
import type { Task } from '#core/tasks/task.ts';
import { workerHarness } from '../../support/worker-harness.ts';

type Harness = ReturnType<typeof workerHarness>;

/** One tenant's tasks. One of them stays in its model call until it is released. */
async function busy(count: number, heartbeat = true) {
  const h = workerHarness([{ json: { sum: 1 } }]);
  await h.limits.setTenant('acme', { concurrent: 1 });
  const tasks: Task[] = [];
  for (let index = 0; index < count; index += 1) {
    tasks.push(await h.accept({ tenant: 'acme', idempotencyKey: `k${index}` }));
    h.clock.advance(1);
  }
  const [started, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const model = {
    ...h.model,
    async invoke(request: Parameters<typeof h.model.invoke>[0]) {
      started.resolve();
      await answer.promise;
      return h.model.invoke(request);
    },
  };
  const [first, ...others] = tasks;
  if (!first) throw new Error('no tasks');
  const clock = heartbeat ? h.clock : { ...h.clock, every: () => () => undefined };
  const running = h.deliver(first.id, { model, clock });
  await started.promise;
  return { h, first, others, running, answer: () => answer.resolve() };
}

const stateOf = async (h: Harness, { id }: Task) => (await h.task(id)).state;

describe('I12: a tenant with a cap', () => {
  it('runs no more tasks at once, and each task that ends wakes the oldest waiting task', async () => {
    const { h, first, others, running, answer } = await busy(3);
    const [second, third] = others as [Task, Task];
    for (const task of [third, second]) expect(await h.deliver(task.id)).toBe('delete');
    expect(await stateOf(h, second)).toMatchObject({ status: 'parked', cause: 'tenant-cap' });
    expect(h.queue.waiting()).toEqual([]);
    answer();
    await running;
    expect((await stateOf(h, first)).status).toBe('succeeded');
    expect(h.queue.waiting()).toEqual([second.id]);
    await h.deliver(second.id);
    expect(h.queue.waiting()).toContain(third.id);
    await h.deliver(third.id);
    expect((await stateOf(h, third)).status).toBe('succeeded');
    expect((await h.permits.get('acme'))?.holders).toEqual({});
  });

  it('does not delay another tenant without a cap', async () => {
    const { h, running, answer } = await busy(1);
    const other = await h.accept({ tenant: 'other', idempotencyKey: 'x' });
    await h.deliver(other.id);
    expect((await stateOf(h, other)).status).toBe('succeeded');
    expect(await h.permits.get('other')).toBeNull();
    answer();
    await running;
  });

  it('keeps the permit of a dead worker for its task, and other tasks wait', async () => {
    const { h, first, others } = await busy(2, false);
    const [second] = others as [Task];
    h.clock.advance(16_000);
    expect((await stateOf(h, first)).status).toBe('running');
    await h.deliver(second.id);
    expect((await stateOf(h, second)).status).toBe('parked');
    await h.deliver(first.id);
    expect((await stateOf(h, first)).status).toBe('succeeded');
    expect(h.queue.waiting()).toEqual([second.id]);
  });

  it('passes on a permit that was kept for a task that ended without using it', async () => {
    const { h, others, running, answer } = await busy(3);
    const [second, third] = others as [Task, Task];
    for (const task of [second, third]) await h.deliver(task.id);
    answer();
    await running;
    expect(h.queue.waiting()).toEqual([second.id]);
    // Its message arrives after its deadline, and the third task waits only for it.
    const woken = await h.task(second.id);
    await h.store.replace({ ...woken, deadline: h.clock.now(), version: woken.version + 1 });
    await h.deliver(second.id);
    expect((await stateOf(h, second)).status).toBe('failed');
    expect(h.queue.waiting()).toContain(third.id);
  });

  it('wakes a task again that was woken in vain, however slow its first waker was', async () => {
    const { h, others, running, answer } = await busy(3);
    const [second, third] = others as [Task, Task];
    await h.deliver(second.id);
    const unline = h.permits.unline.bind(h.permits);
    h.permits.unline = async (tenant, waiting) => {
      h.permits.unline = unline;
      const invoke: typeof h.model.invoke = async (request) => {
        // The third task has the permit, so the woken second task is parked again before its waker continues.
        await h.deliver(second.id);
        await unline(tenant, waiting);
        return h.model.invoke(request);
      };
      await h.deliver(third.id, { model: { ...h.model, invoke } });
    };
    answer();
    await running;
    expect(await stateOf(h, third)).toMatchObject({ status: 'succeeded' });
    expect(h.queue.waiting()).toEqual([second.id, second.id]);
    expect(await stateOf(h, second)).toMatchObject({ status: 'queued' });
  });

  it('keeps a task waiting that was woken in vain and parked again before that was recorded', async () => {
    const { h, others, running, answer } = await busy(3);
    const [second, third] = others as [Task, Task];
    await h.deliver(second.id);
    const send = h.queue.send.bind(h.queue);
    const end = Promise.withResolvers<void>();
    let later: Promise<unknown> | undefined;
    h.queue.send = async (task, delayMs) => {
      h.queue.send = send;
      await send(task, delayMs);
      const started = Promise.withResolvers<void>();
      const invoke: typeof h.model.invoke = async (request) => {
        started.resolve();
        await end.promise;
        return h.model.invoke(request);
      };
      later = h.deliver(third.id, { model: { ...h.model, invoke } });
      await started.promise;
      await h.deliver(second.id);
    };
    answer();
    await running;
    expect(await stateOf(h, second)).toMatchObject({ status: 'parked', cause: 'tenant-cap' });
    end.resolve();
    await later;
    expect(h.queue.waiting()).toEqual([second.id, second.id]);
  });

  it('runs its waiting tasks within two minutes after its cap is raised, also those that waited long', async () => {
    const { h, first, others, running, answer } = await busy(8);
    // The running task is not checked here.
    const woken = () => h.queue.waiting().filter((id) => id !== first.id);
    for (const { id } of others) await h.deliver(id);
    for (const minutes of [1, 2, 4, 8]) {
      h.clock.advance(minutes * 60_000);
      await sweep(h.ports, () => true);
    }
    expect(woken()).toEqual([]);
    await h.limits.setTenant('acme', { concurrent: 5 });
    await lookAgain(h.ports, 'acme');
    h.clock.advance(60_000);
    await sweep(h.ports, () => true);
    // Four more permits go to the oldest four tasks.
    expect(woken()).toEqual(others.slice(0, 4).map(({ id }) => id));
    answer();
    await running;
  });

  it('gets its waiting tasks from the sweeper when a wake-up message is lost', async () => {
    const { h, others, running, answer } = await busy(2);
    const [second] = others as [Task];
    await h.deliver(second.id);
    await h.permits.unline('acme', { taskId: second.id, createdAt: second.createdAt, epoch: 1 });
    answer();
    await running;
    expect(h.queue.waiting()).toEqual([]);
    h.clock.advance(60_000);
    await sweep(h.ports, () => true);
    expect(h.queue.waiting()).toEqual([second.id]);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { collect } from '#core/economy/collect.ts';
import { pauseTenant, resumeTenant } from '#core/pools/holds.ts';
import { pausePool, readPool, resumePool } from '#core/pools/pause.ts';
import { FLEET } from '#core/pools/pool.ts';
import { limitAt, newRamp } from '#core/pools/ramp.ts';
import { limitsInSteps } from '#core/pools/steps.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const WORDS = { reason: 'let me look', by: 'ops' };
const MINUTE = 60_000;

/** A worker's world in which tenants resume in steps, and whose model answers when a test says so. */
function fleet() {
  const h = workerHarness([{ json: { sum: 1 } }]);
  const ports = { ...h.ports, limits: limitsInSteps(h.ports.limits, h.ports) };
  const waiting: (() => void)[] = [];
  const model = {
    ...h.model,
    async invoke(request: Parameters<typeof h.model.invoke>[0]) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return h.model.invoke(request);
    },
  };
  let made = 0;
  return {
    ...h,
    ports,
    accept: async (tenant = 'acme') => (await h.accept({ tenant, idempotencyKey: `k${(made += 1)}` })).id,
    deliver: (id: TaskId) => h.deliver(id, { limits: ports.limits }),
    deliverWith: (id: TaskId, replace: Parameters<typeof h.deliver>[1]) => h.deliver(id, replace),
    /** Starts tasks whose model calls last until they are answered. Returns those that were parked. */
    async start(ids: readonly TaskId[]) {
      const turns = ids.map((id) => h.deliver(id, { limits: ports.limits, model }));
      const parked = async () =>
        (await Promise.all(ids.map((id) => h.task(id)))).filter(({ state }) => state.status === 'parked');
      while ((await parked()).length + waiting.length < ids.length) await new Promise(setImmediate);
      return { parked: (await parked()).map(({ id }) => id), calls: waiting, turns };
    },
    status: async (id: TaskId) => (await h.task(id)).state.status,
  };
}

describe('I13: a fleet that is paused', () => {
  it('and has resumed holds no task back, whatever its worker saw last', async () => {
    const h = fleet();
    const id = await h.accept();
    await pausePool(h.ports, FLEET, WORDS);
    const seen = await readPool(h.ports, FLEET);
    await resumePool(h.ports, FLEET);
    const view = (agent: string) => (agent === FLEET ? Promise.resolve(seen) : h.ports.pools.view(agent));
    await h.deliverWith(id, { pools: { ...h.ports.pools, view } });
    expect(await h.status(id)).toBe('succeeded');
  });

  it('starts no task of any pool, and its tasks come back after it resumes', async () => {
    const h = fleet();
    const id = await h.accept();
    await pausePool(h.ports, FLEET, WORDS);
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'parked', cause: 'paused' });
    expect(h.events.at(-1)).toMatchObject({ reason: 'The fleet was paused by ops: let me look' });
    h.clock.advance(MINUTE);
    expect(await sweep(h.ports, () => true, 'adder')).toMatchObject({ resent: 0 });
    await resumePool(h.ports, FLEET);
    expect(await sweep(h.ports, () => true, 'adder')).toMatchObject({ resent: 1 });
    await h.deliver(id);
    expect(await h.status(id)).toBe('succeeded');
  });

  it('leaves a pool paused that was paused itself', async () => {
    const h = fleet();
    await pausePool(h.ports, 'adder', WORDS);
    await pausePool(h.ports, FLEET, WORDS);
    await resumePool(h.ports, FLEET);
    const id = await h.accept();
    await h.deliver(id);
    expect(await h.status(id)).toBe('parked');
  });

  it('makes no batches, and none of a tenant that is paused', async () => {
    const h = fleet();
    await pausePool(h.ports, FLEET, WORDS);
    await h.accept();
    const noBatches = { create: () => Promise.reject(new Error('A batch was begun.')) };
    const ports = { ...h.ports, batches: { ...h.batches, ...noBatches } } as never;
    await h.ports.store.create({
      ...(await h.task(await h.accept())),
      id: 'task-economy' as TaskId,
      priority: 'economy',
      state: { status: 'parked', cause: 'batch', until: 0 },
    });
    expect(await collect(ports, [h.agent], () => true)).toEqual({ batches: 0, entries: 0 });
    await resumePool(h.ports, FLEET);
    await pauseTenant(h.ports, 'acme', WORDS);
    expect(await collect(ports, [h.agent], () => true)).toEqual({ batches: 0, entries: 0 });
    await resumeTenant(h.ports, 'acme');
    await expect(collect(ports, [h.agent], () => true)).rejects.toThrow('A batch was begun.');
  });
});

describe('I13: a tenant that is paused', () => {
  it('starts no task, and others go on', async () => {
    const h = fleet();
    const [own, other] = [await h.accept(), await h.accept('other')];
    await pauseTenant(h.ports, 'acme', WORDS);
    for (const id of [own, other]) await h.deliver(id);
    expect([await h.status(own), await h.status(other)]).toEqual(['parked', 'succeeded']);
    h.clock.advance(MINUTE);
    expect(await sweep(h.ports, () => true, 'adder')).toMatchObject({ resent: 0 });
    await resumeTenant(h.ports, 'acme');
    expect(await sweep(h.ports, () => true, 'adder')).toMatchObject({ resent: 1 });
    await h.deliver(own);
    expect(await h.status(own)).toBe('succeeded');
  });

  it('is one of many: their holds are independent, and one that was resumed is forgotten after a day', async () => {
    const h = fleet();
    await Promise.all(['a', 'b', 'c'].map((tenant) => pauseTenant(h.ports, tenant, WORDS)));
    await resumeTenant(h.ports, 'b');
    const names = async () => Object.keys((await readPool(h.ports, FLEET)).tenants ?? {}).toSorted();
    expect(await names()).toEqual(['a', 'b', 'c']);
    h.clock.advance(25 * 60 * MINUTE);
    await pauseTenant(h.ports, 'd', WORDS);
    expect(await names()).toEqual(['a', 'c', 'd']);
  });
});

describe('I13: a resume in steps', () => {
  it('has limits by time, at least one task, and the full number for a while after the last step', () => {
    const ramp = newRamp({ adder: 20 }, [10, 50, 100], 5 * MINUTE, 0);
    const at = [0, 5, 10, 24, 25].map((minutes) => limitAt(ramp, 'adder', minutes * MINUTE));
    expect(at).toEqual([2, 10, 20, 20, Infinity]);
    expect(limitAt(newRamp({ adder: 3 }, [1], MINUTE, 0), 'adder', 0)).toBe(1);
    expect(limitAt(ramp, 'other', 0)).toBe(Infinity);
  });

  it.each(['adder', FLEET])(
    'runs no more tasks at once than the step of %s allows; each end wakes one',
    async (name) => {
      const h = fleet();
      const ids = await Promise.all(Array.from({ length: 6 }, () => h.accept()));
      await pausePool(h.ports, name, WORDS);
      await resumePool(h.ports, name, newRamp({ adder: 4 }, [50], 5 * MINUTE, h.clock.now()));
      const { parked, calls, turns } = await h.start(ids);
      expect([parked.length, calls.length]).toEqual([4, 2]);
      expect(h.events).toContainEqual(expect.objectContaining({ reason: expect.stringContaining('resumes in steps') }));
      expect(h.queue.waiting()).toEqual([]);
      calls[0]?.();
      await vi.waitUntil(() => h.queue.waiting().length > 0);
      calls[1]?.();
      await Promise.all(turns);
      // One too many parks again.
      expect(h.queue.waiting().length).toBeLessThanOrEqual(3);
    },
  );

  it('ends by itself: later tasks need no permit', async () => {
    const h = fleet();
    await pausePool(h.ports, 'adder', WORDS);
    await resumePool(h.ports, 'adder', newRamp({ adder: 2 }, [50], MINUTE, h.clock.now()));
    h.clock.advance(17 * MINUTE);
    const { parked } = await h.start(await Promise.all([h.accept(), h.accept(), h.accept()]));
    expect(parked).toEqual([]);
  });

  it('of a tenant is a cap on its tasks in all pools, within its own cap (I12)', async () => {
    const h = fleet();
    await pauseTenant(h.ports, 'acme', WORDS);
    await resumeTenant(h.ports, 'acme', newRamp({ '*': 4 }, [50], MINUTE, h.clock.now()));
    const ids = await Promise.all([h.accept(), h.accept(), h.accept(), h.accept('other')]);
    const { parked, calls } = await h.start(ids);
    expect([parked.length, calls.length]).toEqual([1, 3]);
    expect((await h.task(parked[0] ?? ids[0])).state).toMatchObject({ cause: 'tenant-cap' });
    await h.limits.setTenant('acme', { concurrent: 1 });
    expect(await h.ports.limits.ofTenant('acme')).toMatchObject({ concurrent: 1 });
  });

  it('goes on after the breaker opened and closed, and is ended by a pause or a plain resume', async () => {
    const h = fleet();
    const ramp = newRamp({ adder: 4 }, [50], 5 * MINUTE, h.clock.now());
    await pausePool(h.ports, 'adder', WORDS);
    await resumePool(h.ports, 'adder', ramp);
    const { state, version } = await readPool(h.ports, 'adder');
    expect(state.status).toBe('resuming');
    const until = h.clock.now();
    await h.pools.write({
      ...(await readPool(h.ports, 'adder')),
      version: version + 1,
      state: { status: 'open', reason: 'x', until, opens: 1 },
    });
    await h.deliver(await h.accept());
    expect(await readPool(h.ports, 'adder')).toMatchObject({ state: { status: 'resuming' }, ramp });
    expect((await resumePool(h.ports, 'adder')).ramp).toBeUndefined();
    await resumePool(h.ports, 'adder', ramp);
    expect((await pausePool(h.ports, 'adder', WORDS)).ramp).toBeUndefined();
  });
});

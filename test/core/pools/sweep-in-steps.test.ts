import { describe, expect, it } from 'vitest';
import { pauseTenant } from '#core/pools/holds.ts';
import { pausePool, readPool, resumePool } from '#core/pools/pause.ts';
import { FLEET } from '#core/pools/pool.ts';
import { newRamp } from '#core/pools/ramp.ts';
import { enterSession } from '#core/sessions/order.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { workerHarness } from '../../support/worker-harness.ts';

type Harness = ReturnType<typeof workerHarness>;

const WORDS = { reason: 'let me look', by: 'ops' };
const MINUTE = 60_000;

const many = async (h: Harness, count: number, tenant = 'acme'): Promise<readonly TaskId[]> => {
  const ids: TaskId[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push((await h.accept({ tenant, idempotencyKey: `${tenant}${index}` })).id);
    h.clock.advance(1);
  }
  return ids;
};

/** Half of four workers, for an hour. */
const steps = (h: Harness) => newRamp({ adder: 4 }, [50], 60 * MINUTE, h.clock.now());
const sweeps = (h: Harness) => sweep(h.ports, () => true, 'adder');
/** Messages of the tasks, each as often as it waits. */
const sent = (h: Harness, ids: readonly TaskId[]) => h.queue.waiting().filter((id) => ids.includes(id));

/** Starts tasks, of which as many as the step allows stay in their model call. */
async function start(h: Harness, ids: readonly TaskId[]) {
  const answer = Promise.withResolvers<void>();
  let calls = 0;
  const invoke: typeof h.model.invoke = async (request) => {
    calls += 1;
    await answer.promise;
    return h.model.invoke(request);
  };
  const turns = ids.map((id) => h.deliver(id, { model: { ...h.model, invoke } }));
  const parked = async () => {
    const tasks = await Promise.all(ids.map((id) => h.task(id)));
    return tasks.filter(({ state }) => state.status === 'parked').map(({ id }) => id);
  };
  while ((await parked()).length + calls < ids.length) await new Promise(setImmediate);
  return {
    parked: await parked(),
    end: async () => {
      answer.resolve();
      await Promise.all(turns);
    },
  };
}

describe('I13: the sweeper, while a pool resumes in steps', () => {
  it.each([
    ['that was paused', true, 'adder'],
    ['that works already', false, 'adder'],
    ['of a fleet that was paused', true, FLEET],
  ])('sends no task of a pool %s while its step is full', async (_, isPaused, name) => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const ids = await many(h, 6);
    if (isPaused) await pausePool(h.ports, name, WORDS);
    else await pausePool(h.ports, name, WORDS).then(() => resumePool(h.ports, name));
    await resumePool(h.ports, name, steps(h));
    const { parked, end } = await start(h, ids);
    expect(parked).toHaveLength(4);
    for (let minute = 0; minute < 20; minute += 1) {
      h.clock.advance(MINUTE);
      await sweeps(h);
    }
    expect(sent(h, parked)).toEqual([]);
    // It is looked at less and less often, since nobody claims it in vain.
    expect((await h.task(parked[0] ?? ids[0] ?? ('' as TaskId))).epoch).toBe(1);
    await end();
    expect(sent(h, parked).length).toBeGreaterThan(0);
  });

  it('wakes at once as many as the step allows of those that waited long, oldest first, and each end the next', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    await pausePool(h.ports, 'adder', WORDS);
    const ids = await many(h, 6);
    for (const id of ids.toReversed()) await h.deliver(id);
    // Each check delays the next one, up to eight minutes.
    for (const minutes of [1, 2, 4, 8]) {
      h.clock.advance(minutes * MINUTE);
      await sweeps(h);
    }
    await resumePool(h.ports, 'adder', steps(h));
    h.clock.advance(1);
    expect(await sweeps(h)).toMatchObject({ resent: 0 });
    expect(sent(h, ids)).toEqual(ids.slice(0, 2));
    for (const id of ids) {
      await h.deliver(id);
      expect((await h.task(id)).state.status).toBe('succeeded');
    }
  });

  it('leaves a task whose tenant is paused, and lets one task try whether an open breaker may close', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    await pausePool(h.ports, 'adder', WORDS);
    const [held, own] = [await many(h, 1, 'held'), await many(h, 3)];
    for (const id of [...held, ...own]) await h.deliver(id);
    await pauseTenant(h.ports, 'held', WORDS);
    await resumePool(h.ports, 'adder', steps(h));
    const pool = await readPool(h.ports, 'adder');
    const state = { status: 'open' as const, reason: 'x', until: h.clock.now() + MINUTE, opens: 1 };
    await h.pools.write({ ...pool, version: pool.version + 1, state });
    await sweeps(h);
    expect(sent(h, [...held, ...own])).toEqual([]);
    h.clock.advance(2 * MINUTE);
    await sweeps(h);
    expect(new Set(sent(h, own)).size).toBe(1);
    expect(sent(h, held)).toEqual([]);
  });
});

describe('the permit of a step', () => {
  it('is not looked for at the end of a task that began outside steps', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const [id] = await many(h, 1);
    const after: string[] = [];
    const view = h.pools.view.bind(h.pools);
    h.pools.view = (name) => {
      if (h.events.some(({ type }) => type === 'task.finished')) after.push(name);
      return view(name);
    };
    await h.deliver(id ?? ('' as TaskId));
    expect(h.events.at(-1)).toMatchObject({ type: 'task.finished' });
    expect(after).toEqual([]);
  });

  it('I13: is passed on by a task that was woken to acquire it and must wait for its session first', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const inSession = async (idempotencyKey: string) => {
      const task = await h.accept({ tenant: 'acme', sessionId: 's', idempotencyKey });
      await enterSession(h.ports, task);
      h.clock.advance(1);
      return task.id;
    };
    await inSession('first');
    const second = await inSession('second');
    const [other] = await many(h, 1);
    await pausePool(h.ports, 'adder', WORDS);
    for (const id of [second, other]) await h.deliver(id ?? second);
    await resumePool(h.ports, 'adder', newRamp({ adder: 1 }, [50], 60 * MINUTE, h.clock.now()));
    await sweeps(h);
    expect(sent(h, [second, other ?? second])).toEqual([second]);
    await h.deliver(second);
    expect((await h.task(second)).state).toMatchObject({ status: 'parked', cause: 'session' });
    expect(sent(h, [other ?? second])).toEqual([other]);
  });
});

import { describe, expect, it } from 'vitest';
import { stepView, taskView } from '#core/api/tasks/task-view.ts';
import { dayOf } from '#core/budgets/day-budget.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import { savedUsd } from '#core/models/price.ts';
import { cancelTask } from '#core/api/tasks/cancel-task.ts';
import type { UsageStore } from '#core/ports/usage-store.ts';
import { failDeadLetter } from '#core/sweeper/dead-letter.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { countedSteps } from '#core/tasks/counted-steps.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };
const HOUR_MS = 3_600_000;
const MODEL = 'claude-haiku-5-5';

async function rowOf(h: ReturnType<typeof workerHarness>) {
  const day = dayOf(h.clock.now());
  const [row] = await h.usage.query({ tenant: 'default', from: day, to: day });
  return row;
}

describe('usage', () => {
  it('a task with one call makes one write: the call by model, and how the task ended', async () => {
    const h = workerHarness([ANSWER]);
    let writes = 0;
    const usage: UsageStore = { ...h.usage, add: (...args) => ((writes += 1), h.usage.add(...args)) };
    const { id } = await h.accept();
    await h.deliver(id, { usage });
    expect(writes).toBe(1);
    expect(await rowOf(h)).toMatchObject({
      agent: 'adder',
      calls: 1,
      usd: 0.000_15,
      lostUsd: 0,
      models: { [MODEL]: { calls: 1, usage: { input: 1_000, output: 100 } } },
      ended: { succeeded: 1, failed: 0 },
    });
  });

  it('the step, the task and the counters contain the savings of caching: writes cost more, reads save', async () => {
    const write = { input: 10, output: 100, cacheRead: 0, cacheWrite: 5_000 };
    const read = { input: 10, output: 100, cacheRead: 5_000, cacheWrite: 0 };
    const wrong = { type: 'text' as const, text: '{}' };
    const right = { type: 'text' as const, text: '{"sum":3}' };
    const h = workerHarness([
      { answer: { usage: write, content: [wrong] } },
      { answer: { usage: read, content: [right] } },
    ]);
    const { id } = await h.accept();
    await h.deliver(id);
    // 5,000 tokens at $0.10 a million: 0.0005; a write costs a quarter more, a read 95 % less.
    const saved = -0.000_125 + 0.000_475;
    const task = await h.task(id);
    expect(task.spend.savedUsd).toBeCloseTo(saved, 9);
    expect(taskView(task).spent.savedUsd).toBeCloseTo(saved, 9);
    const views = (await countedSteps(h.store, task)).map(stepView);
    expect(views.map(({ savedUsd: one }) => one)).toEqual([-0.000_125, 0.000_475]);
    expect((await rowOf(h))?.savedUsd).toBeCloseTo(saved, 9);
  });

  it('each call counts, also one with a rejected answer', async () => {
    const h = workerHarness([{ json: { sum: 'three' } }, ANSWER]);
    await h.deliver((await h.accept()).id);
    expect(await rowOf(h)).toMatchObject({ calls: 2, usd: 0.000_3, ended: { succeeded: 1 } });
  });

  it('calls that broke off are counted separately, because they may have been billed', async () => {
    const h = workerHarness([{ failure: { kind: 'transient', reason: 'timeout' } }]);
    const { id } = await h.accept();
    await h.deliver(id);
    const { spend } = await h.task(id);
    expect(await rowOf(h)).toMatchObject({ calls: 1, usd: 0, lostUsd: spend.lost.usd });
    expect(spend.lost.usd).toBeGreaterThan(0);
    expect(h.events).toContainEqual(
      expect.objectContaining({ type: 'model.failed', failureKind: 'transient', lostUsd: spend.lost.usd }),
    );
  });

  it('a call that was certainly not billed reports no dollars', async () => {
    const h = workerHarness([{ failure: { kind: 'transient', reason: 'refused', notBilled: true } }]);
    await h.deliver((await h.accept()).id);
    const failed = h.events.filter(({ type }) => type === 'model.failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]).not.toHaveProperty('lostUsd');
  });

  it('a call counts although its worker dies in the next one', async () => {
    const h = workerHarness([{ json: { sum: 'three' } }, ANSWER]);
    const { id } = await h.accept();
    const died = Promise.withResolvers<void>();
    const invoke: typeof h.model.invoke = async (request) => {
      if (h.model.requests.length === 0) return h.model.invoke(request);
      died.resolve();
      return new Promise<never>(() => undefined);
    };
    const clock = { ...h.clock, every: () => () => undefined };
    void h.deliver(id, { clock, model: { ...h.model, invoke } });
    await died.promise;
    expect(await rowOf(h)).toMatchObject({ calls: 1, usd: 0.000_15 });
  });

  it('the next worker counts a call that a dead worker finished', async () => {
    const h = workerHarness([{ json: { sum: 'three' } }, ANSWER]);
    const { id } = await h.accept();
    // It writes the step and dies.
    const dead = new Promise<never>(() => undefined);
    let die = (): void => undefined;
    const died = new Promise<void>((resolve) => (die = resolve));
    const putStep: typeof h.store.putStep = async (step) => {
      await h.store.putStep(step);
      die();
      return dead;
    };
    const clock = { ...h.clock, every: () => () => undefined };
    void h.deliver(id, { clock, store: { ...h.store, putStep } });
    await died;
    h.clock.advance(20_000);
    await h.deliver(id);
    expect(h.model.requests).toHaveLength(2);
    expect(await rowOf(h)).toMatchObject({ calls: 2, usd: 0.000_3, ended: { succeeded: 1 } });
  });

  it('the next worker reports the dollars of a call in which a worker died', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    let die = (): void => undefined;
    const died = new Promise<void>((resolve) => (die = resolve));
    const invoke = () => (die(), new Promise<never>(() => undefined));
    const clock = { ...h.clock, every: () => () => undefined };
    void h.deliver(id, { clock, model: { ...h.model, invoke } });
    await died;
    h.clock.advance(20_000);
    await h.deliver(id);
    const { spend } = await h.task(id);
    expect(spend.lost.usd).toBeGreaterThan(0);
    expect(h.events).toContainEqual({ type: 'model.lost', model: MODEL, lostUsd: spend.lost.usd, step: 0, epoch: 1 });
    expect(await rowOf(h)).toMatchObject({ calls: 2, lostUsd: spend.lost.usd });
  });

  it('counters that cannot be written delay no task', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    await h.deliver(id, { usage: { ...h.usage, add: () => Promise.reject(new Error('down')) } });
    expect((await h.task(id)).state).toMatchObject({ status: 'succeeded', notified: true });
    expect(h.events).toContainEqual({ type: 'usage.lost' });
  });

  it('a task whose deadline passed before a worker claimed it is counted too', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ deadline: h.clock.now() + 1_000 });
    h.clock.advance(2_000);
    await h.deliver(id);
    expect(await rowOf(h)).toMatchObject({ calls: 0, ended: { failed: 1 } });
  });

  it.each<[string, (h: ReturnType<typeof workerHarness>, id: TaskId) => Promise<unknown>, string]>([
    [
      'the sweeper ends it at its deadline',
      async (h) => {
        h.clock.advance(HOUR_MS);
        await sweep(h.ports, () => true);
      },
      'failed',
    ],
    ['a dead letter fails it', (h, taskId) => failDeadLetter(h.ports, { type: 'task', taskId }), 'failed'],
    [
      'it is cancelled before a worker claimed it',
      async (h, id) => {
        await cancelTask(h.ports, await h.task(id));
        await h.deliver(id);
      },
      'cancelled',
    ],
    [
      'its worker died before it notified the waiters, and the sweeper does',
      async (h, id) => {
        const notifier = { answer: () => Promise.reject(new Error('died')) };
        await h.deliver(id, { notifier }).catch(() => undefined);
        h.clock.advance(HOUR_MS);
        await sweep(h.ports, () => true);
      },
      'succeeded',
    ],
  ])('a task’s end is counted once when %s', async (_, end, status) => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ deadline: h.clock.now() + HOUR_MS, waiter: 'token' });
    await end(h, id);
    const none = { succeeded: 0, failed: 0, cancelled: 0, escalated: 0 };
    const ended = { ...none, [status]: 1 };
    expect(await rowOf(h)).toMatchObject({ ended });
    // However often the sweeper runs afterwards.
    h.clock.advance(HOUR_MS);
    await sweep(h.ports, () => true);
    await h.deliver(id);
    await failDeadLetter(h.ports, { type: 'task', taskId: id });
    expect(await rowOf(h)).toMatchObject({ ended });
  });
});

describe('the savings of caching', () => {
  it('is the price of plain input minus the cost of reads and writes', () => {
    // Haiku per million tokens: input $0.10, a read $0.005, a write $0.125.
    expect(savedUsd(CATALOGUE, MODEL, { input: 10, output: 10, cacheRead: 10_000, cacheWrite: 0 })).toBe(0.000_95);
    expect(savedUsd(CATALOGUE, MODEL, { input: 10, output: 10, cacheRead: 0, cacheWrite: 10_000 })).toBe(-0.000_25);
    expect(savedUsd(CATALOGUE, MODEL, { input: 10, output: 10, cacheRead: 0, cacheWrite: 0 })).toBe(0);
  });
});

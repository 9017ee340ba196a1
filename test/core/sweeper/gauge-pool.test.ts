import { describe, expect, it } from 'vitest';
import { enterSession } from '#core/sessions/order.ts';
import { gaugePool } from '#core/sweeper/gauge-pool.ts';
import { apply } from '#core/tasks/apply.ts';
import { claim, LEASE_MS } from '#core/tasks/claim.ts';
import type { Task } from '#core/tasks/task.ts';
import { workerHarness } from '../../support/worker-harness.ts';

type Harness = ReturnType<typeof workerHarness>;

const THROTTLED = { failure: { kind: 'throttled', reason: '429', retryAfterMs: 3_600_000 } } as const;
const ANSWER = { json: { sum: 3 } };

const gauge = (h: Harness) => gaugePool(h.ports, h.agent.name);

/** A task of a session, as the API accepts it. */
async function say(h: Harness, words: string): Promise<Task> {
  const task = await h.accept({ idempotencyKey: words, sessionId: 's' });
  await enterSession(h.ports, task);
  return task;
}

const claimed = (h: Harness, task: Task) =>
  apply(h.ports.store, task, (current) => claim(current, 'worker', h.clock.now()));

describe('the gauges of a pool', () => {
  it('count what runs, is queued and waits, by cause', async () => {
    const h = workerHarness([THROTTLED]);
    expect(await gauge(h)).toEqual({ running: 0, queued: 0, waiting: {}, unclaimed: 0, stuck: [] });
    const [first, second] = [await h.accept({ idempotencyKey: '1' }), await h.accept({ idempotencyKey: '2' })];
    await h.accept({ idempotencyKey: '3' });
    await h.deliver(first.id);
    await claimed(h, second);
    expect(await gauge(h)).toMatchObject({ running: 1, queued: 1, waiting: { throttled: 1 }, unclaimed: 0 });
  });

  it('count tasks that no worker takes, unless workers are busy', async () => {
    const h = workerHarness([ANSWER]);
    await h.accept({ idempotencyKey: '1' });
    h.clock.advance(29_000);
    expect(await gauge(h)).toMatchObject({ unclaimed: 0 });
    h.clock.advance(1_000);
    expect(await gauge(h)).toMatchObject({ unclaimed: 1 });
    const other = await h.accept({ idempotencyKey: '2' });
    await claimed(h, other);
    expect(await gauge(h)).toMatchObject({ running: 1, unclaimed: 0 });
    // Its worker dies. The next one has ten seconds to take it.
    h.clock.advance(LEASE_MS + 9_999);
    expect(await gauge(h)).toMatchObject({ running: 0, unclaimed: 1 });
    h.clock.advance(1);
    expect(await gauge(h)).toMatchObject({ running: 0, unclaimed: 2 });
  });

  it('count no unclaimed tasks where the running one may be among those that are not read', async () => {
    const h = workerHarness([ANSWER]);
    for (let index = 0; index < 1_001; index += 1) await h.accept({ idempotencyKey: `k${index}` });
    h.clock.advance(60_000);
    await claimed(h, await h.accept({ idempotencyKey: 'running' }));
    expect(await gauge(h)).toMatchObject({ queued: 1_000, unclaimed: 0 });
  });

  it('name a session whose first task nobody works on', async () => {
    const h = workerHarness([ANSWER]);
    const [first, second] = [await say(h, 'one'), await say(h, 'two')];
    await h.deliver(second.id);
    expect(await gauge(h)).toMatchObject({ waiting: { session: 1 }, stuck: [] });
    h.clock.advance(30_000);
    expect((await gauge(h)).stuck).toEqual([{ tenant: 'default', sessionId: 's', head: first.id }]);
    await claimed(h, first);
    expect((await gauge(h)).stuck).toEqual([]);
  });

  it('name a session whose tasks have waited for 15 minutes, whatever the first one does', async () => {
    const h = workerHarness([THROTTLED]);
    const [first, second] = [await say(h, 'one'), await say(h, 'two')];
    await h.deliver(second.id);
    await h.deliver(first.id);
    h.clock.advance(600_000);
    expect((await gauge(h)).stuck).toEqual([]);
    h.clock.advance(300_000);
    expect((await gauge(h)).stuck).toMatchObject([{ sessionId: 's' }]);
  });
});

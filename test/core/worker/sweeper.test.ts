import { describe, expect, it } from 'vitest';
import { failDeadLetter } from '#core/sweeper/dead-letter.ts';
import { apply } from '#core/tasks/apply.ts';
import { claim } from '#core/tasks/claim.ts';
import { enterSession } from '#core/sessions/order.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };
const THROTTLED = { failure: { kind: 'throttled', reason: '429', retryAfterMs: 3_600_000 } } as const;
const always = () => true;

describe('the sweeper', () => {
  it('sends a task that was accepted but never sent, within two minutes', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    expect(await sweep(h.ports, always)).toEqual({ resent: 0, expired: 0, notified: 0 });
    h.clock.advance(120_000);
    expect(await sweep(h.ports, always)).toEqual({ resent: 1, expired: 0, notified: 0 });
    expect(h.queue.waiting()).toEqual([id]);
    expect(await sweep(h.ports, always)).toEqual({ resent: 0, expired: 0, notified: 0 });
  });

  it('requeues a task that waits in a long queue less and less often', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    let sent = 0;
    for (let minute = 1; minute <= 240; minute += 1) {
      h.clock.advance(60_000);
      sent += (await sweep(h.ports, always)).resent;
    }
    expect(sent).toBeLessThanOrEqual(8);
    expect(sent).toBe(h.queue.waiting().length);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('requeues a task whose worker died less and less often, and does not change its claim', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    await apply(h.ports.store, await h.task(id), (task) => claim(task, 'dead', h.clock.now()));
    const claimed = await h.task(id);
    h.clock.advance(120_000);
    let sent = (await sweep(h.ports, always)).resent;
    expect(sent).toBe(1);
    for (let minute = 3; minute <= 240; minute += 1) {
      h.clock.advance(60_000);
      sent += (await sweep(h.ports, always)).resent;
    }
    expect(sent).toBeLessThanOrEqual(14);
    expect((await h.task(id)).state).toMatchObject(claimed.state);
    await h.deliver(id);
    expect(await h.task(id)).toMatchObject({ state: { status: 'succeeded' }, crashes: 1 });
  });

  it('wakes a parked task only when it is due', async () => {
    const h = workerHarness([THROTTLED, ANSWER]);
    const { id } = await h.accept();
    await h.deliver(id);
    h.clock.advance(3_000_000);
    expect((await sweep(h.ports, always)).resent).toBe(0);
    h.clock.advance(3_000_000);
    expect((await sweep(h.ports, always)).resent).toBe(1);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('I6: notifies the waiters of a task whose worker died before it could', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ waiter: 'token' });
    const deaf = { answer: () => Promise.reject(new Error('down')) };
    await expect(h.deliver(id, { notifier: deaf })).rejects.toThrow('down');
    h.clock.advance(120_000);
    expect((await sweep(h.ports, always)).notified).toBe(1);
    expect(h.notifier.answers.map(({ token }) => token)).toEqual(['token']);
  });

  it('is not stopped by a task that cannot be swept', async () => {
    const h = workerHarness([ANSWER]);
    const mute = await h.accept({ waiter: 'broken', idempotencyKey: 'mute' });
    const broken = { answer: () => Promise.reject(new Error('broken')) };
    await expect(h.deliver(mute.id, { notifier: broken })).rejects.toThrow('broken');
    const { id } = await h.accept();
    h.clock.advance(120_000);
    await expect(sweep({ ...h.ports, notifier: broken }, always)).rejects.toThrow('1 tasks could not be swept');
    expect(h.queue.waiting()).toEqual([id]);
  });

  it('ends tasks after their deadline', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ waiter: 'token' });
    h.clock.advance(h.agent.deadline * 1_000 + 1);
    expect((await sweep(h.ports, always)).expired).toBe(1);
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'deadline' } });
    expect(h.notifier.answers).toHaveLength(1);
  });
});

describe('I9: dead letters', () => {
  it('fail their task and notify its waiters', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ waiter: 'token' });
    expect(await failDeadLetter(h.ports, { type: 'task', taskId: id })).toBe('failed');
    expect(h.notifier.answers[0]?.outcome).toMatchObject({ status: 'failed' });
  });

  it('leave a parked task alone', async () => {
    const h = workerHarness([THROTTLED]);
    const { id } = await h.accept();
    await h.deliver(id);
    expect(await failDeadLetter(h.ports, { type: 'task', taskId: id })).toBe('left');
    expect((await h.task(id)).state.status).toBe('parked');
  });

  it('answer their token when they never became a task', async () => {
    const h = workerHarness([ANSWER]);
    const message = {
      type: 'object',
      tenant: 'default',
      runId: 'run',
      request: { id: 'u', retry: 0 },
      object: { bucket: 'b', key: 'k', etag: 'e', size: 1 },
      taskToken: 'token',
    } as const;
    expect(await failDeadLetter(h.ports, message)).toBe('answered');
    expect(h.notifier.answers[0]).toMatchObject({ token: 'token', outcome: { status: 'failed' } });
  });
});

describe('a session whose first task belongs to a system that was removed', () => {
  /** The sweeper of one pool finds the tasks of its agent alone. */
  async function* overdueOf(h: ReturnType<typeof workerHarness>, agent: string, now: number) {
    for await (const id of h.store.overdue(now)) if ((await h.task(id)).agent === agent) yield id;
  }

  it('I11: goes on after the deadline of that task, which is ended and its waiters notified', async () => {
    const h = workerHarness([ANSWER]);
    const hour = 3_600_000;
    const common = { sessionId: 's' };
    const first = await h.accept({
      ...common,
      agent: 'removed',
      idempotencyKey: 'a',
      waiter: 'token',
      deadline: h.clock.now() + hour,
    });
    const second = await h.accept({ ...common, idempotencyKey: 'b', deadline: h.clock.now() + 6 * hour });
    for (const task of [first, second]) await enterSession(h.ports, task);
    await h.deliver(second.id);
    const store = { ...h.store, overdue: (now: number) => overdueOf(h, 'adder', now) };
    const sweepUntil = async (end: number) => {
      for (; h.clock.now() < end; h.clock.advance(60_000)) await sweep({ ...h.ports, store }, always);
    };
    await sweepUntil(first.deadline);
    expect((await h.task(first.id)).state.status).toBe('queued');
    await sweepUntil(first.deadline + 15 * 60_000);
    expect((await h.task(first.id)).state).toMatchObject({ status: 'failed', failure: { kind: 'deadline' } });
    expect(h.notifier.heard('token').status).toBe('failed');
    await h.deliver(second.id);
    expect((await h.task(second.id)).state.status).toBe('succeeded');
  });
});

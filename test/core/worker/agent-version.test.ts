import { describe, expect, it } from 'vitest';
import { defineAgent } from '#core/agents/define-agent.ts';
import { taskView } from '#core/api/tasks/task-view.ts';
import { enterSession } from '#core/sessions/order.ts';
import { pausePool } from '#core/pools/pause.ts';
import { failDeadLetter } from '#core/sweeper/dead-letter.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import { cancel } from '#core/tasks/finish.ts';
import { claim } from '#core/tasks/claim.ts';
import type { Submission } from '#core/tasks/submit.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NEWER = defineAgent({ ...adderOptions, version: '2' });

type Harness = ReturnType<typeof workerHarness>;

/** A task that version 2 accepted, at a worker that has version 1 alone. */
async function meet(change: Partial<Submission> = {}) {
  const h = workerHarness([ANSWER]);
  const { id } = await h.accept({ agentVersion: '2', ...change });
  return { h, id, disposal: await h.deliver(id) };
}

/** A worker after the deploy: it has both versions. */
const deliverToUpdated = (h: Harness, id: TaskId) => h.deliver(id, {}, 300_000, [NEWER]);

const untilOf = ({ state }: Task): number => (state.status === 'parked' ? state.until : NaN);

describe('a task whose agent version the worker does not have', () => {
  it('is parked with its cause, spends nothing, and succeeds at a worker that has the version', async () => {
    const { h, id, disposal } = await meet();
    expect(disposal).toBe('delete');
    const task = await h.task(id);
    expect(task).toMatchObject({
      attempts: 0,
      crashes: 0,
      spend: { usd: 0 },
      // Release 0.2.0 parses this cause. It must not meet one that it does not know.
      state: { status: 'parked', cause: 'yielded', detail: 'agent-version' },
    });
    expect(taskView(task).waitsFor).toMatchObject({ cause: 'yielded', detail: 'agent-version' });
    expect(h.model.requests).toHaveLength(0);
    h.clock.advance(MINUTE);
    await deliverToUpdated(h, id);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('is reported with the versions that the worker has and the remedy', async () => {
    const { h } = await meet();
    const parked = h.events.find(({ type }) => type === 'task.parked');
    expect(parked).toMatchObject({
      cause: 'agent-version',
      reason: expect.stringMatching(/accepted by version "2" of adder.*has adder "1".*`earlier`/),
    });
    expect(h.events.map(({ type }) => type)).not.toContain('task.claimed');
  });

  it('is checked again after 30 s, a minute, then every two minutes, with jitter, by one message each time', async () => {
    const { h, id } = await meet();
    const intervals: number[] = [];
    for (let check = 0; check < 5; check += 1) {
      const until = untilOf(await h.task(id));
      intervals.push(until - h.clock.now());
      expect(h.queue.waiting()).toHaveLength(check + 1);
      const messageAt = h.queue.nextVisibleAt() ?? 0;
      expect(messageAt - until).toSatisfy((late: number) => late >= 0 && late < 1_000);
      h.clock.advance(messageAt - h.clock.now());
      await h.deliver(id);
    }
    const [first = 0, second = 0, ...later] = intervals;
    expect(first).toSatisfy((ms: number) => ms >= 30_000 && ms <= 37_500);
    expect(second).toSatisfy((ms: number) => ms >= 60_000 && ms <= 75_000);
    for (const ms of later) expect(ms).toSatisfy((at: number) => at >= 120_000 && at <= 150_000);
  });

  it('is not worked on by the worker of another agent', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ agent: 'other' });
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'parked', detail: 'agent-version' });
  });

  it('waits on when a message comes early, and the sweeper replaces a message that was lost', async () => {
    const { h, id } = await meet();
    const until = untilOf(await h.task(id));
    await deliverToUpdated(h, id);
    expect(untilOf(await h.task(id))).toBe(until);
    h.clock.advance(3 * MINUTE);
    expect(await sweep(h.ports, () => true)).toMatchObject({ resent: 1 });
    await deliverToUpdated(h, id);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('I1: fails at its deadline, not before', async () => {
    const { h, id } = await meet({ deadline: Date.UTC(2026, 10, 23) + HOUR });
    const { deadline } = await h.task(id);
    while (untilOf(await h.task(id)) < deadline) {
      h.clock.advance(untilOf(await h.task(id)) - h.clock.now());
      await h.deliver(id);
    }
    h.clock.advance(deadline - h.clock.now());
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'deadline' } });
  });

  it('I9: is not failed as a dead letter, and can be cancelled', async () => {
    const { h, id } = await meet();
    expect(await failDeadLetter(h.ports, { type: 'task', taskId: id })).toBe('left');
    const cancelled = cancel(await h.task(id), h.clock.now());
    expect(cancelled.ok && cancelled.task.state.status).toBe('cancelled');
  });

  it('I2: a worker whose lease ran out cannot write after it was parked, and its death counts once', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ agentVersion: '2' });
    const claimed = claim(await h.task(id), 'holder', h.clock.now());
    if (!claimed.ok) throw new Error('not claimed');
    await h.store.replace(claimed.task);
    h.clock.advance(MINUTE);
    await h.deliver(id);
    h.clock.advance(MINUTE);
    await h.deliver(id);
    const task = await h.task(id);
    expect(task.epoch).toBeGreaterThan(claimed.task.epoch);
    expect(task).toMatchObject({ crashes: 1, attempts: 0, state: { status: 'parked', detail: 'agent-version' } });
  });

  it('a request to cancel which a dead worker left ends it', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ agentVersion: '2', waiter: 'token' });
    const claimed = claim(await h.task(id), 'holder', h.clock.now());
    const wanted = cancel(claimed.task, h.clock.now());
    for (const { task } of [claimed, wanted]) await h.store.replace(task);
    h.clock.advance(MINUTE);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('cancelled');
    expect(h.notifier.heard('token').status).toBe('cancelled');
  });

  it('I12: holds no permit while it waits, and passes on the one it was woken for', async () => {
    const h = workerHarness([ANSWER]);
    await h.limits.setTenant('default', { concurrent: 1 });
    const waiting = await h.accept({ agentVersion: '2', idempotencyKey: 'waiting' });
    await h.deliver(waiting.id);
    const other = await h.accept({ idempotencyKey: 'other' });
    await h.deliver(other.id);
    expect((await h.task(other.id)).state.status).toBe('succeeded');
    expect((await h.task(waiting.id)).state).toMatchObject({ detail: 'agent-version' });
  });

  it('I11: keeps its place in the session: a later task of a known version waits for it', async () => {
    const h = workerHarness([ANSWER]);
    const first = await h.accept({ agentVersion: '2', sessionId: 's', idempotencyKey: 'first' });
    const second = await h.accept({ sessionId: 's', idempotencyKey: 'second' });
    for (const task of [first, second]) await enterSession(h.ports, task);
    await h.deliver(first.id);
    await h.deliver(second.id);
    expect((await h.task(second.id)).state).toMatchObject({ status: 'parked', cause: 'session' });
    expect(h.model.requests).toHaveLength(0);
    h.clock.advance(MINUTE);
    await deliverToUpdated(h, first.id);
    await h.deliver(second.id);
    for (const { id } of [first, second]) expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('I13: a worker that has the version does not start it while the pool is paused', async () => {
    const { h, id } = await meet();
    await pausePool(h.ports, 'adder', { reason: 'maintenance', by: 'ops' });
    h.clock.advance(MINUTE);
    await deliverToUpdated(h, id);
    expect((await h.task(id)).state).toMatchObject({ status: 'parked', cause: 'paused' });
    expect((await h.task(id)).state).not.toHaveProperty('detail');
  });
});

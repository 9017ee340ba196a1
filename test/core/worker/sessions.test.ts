import { describe, expect, it } from 'vitest';
import type { Agent } from '#core/agents/define-agent.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import { apply } from '#core/tasks/apply.ts';
import { cancel } from '#core/tasks/finish.ts';
import { claim } from '#core/tasks/claim.ts';
import { enter } from '#core/sessions/rules.ts';
import { DEFAULT_SESSION_POLICY, MAX_WAITING, newSession } from '#core/sessions/session.ts';
import { enterSession, forgetSession, readSession } from '#core/sessions/order.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

type Harness = ReturnType<typeof workerHarness>;

/** Submits a task as the API does: stores it, enters it into its session and sends its message. */
async function say(h: Harness, words: string, sessionId = 's'): Promise<Task> {
  const task = await h.accept({ idempotencyKey: words, input: { instruction: words }, sessionId, waiter: words });
  await enterSession(h.ports, task);
  await h.queue.send(task);
  return task;
}

const texts = (h: Harness) =>
  h.model.requests.map(({ messages }) =>
    messages.map(({ content: [part] }) => (part?.type === 'text' ? part.text : '')),
  );

describe('the tasks of a session', () => {
  it('I11: run in the order they were accepted, each with the earlier turns', async () => {
    const h = workerHarness([{ json: { sum: 1 } }, { json: { sum: 2 } }, { json: { sum: 3 } }]);
    const [a, b, c] = [await say(h, 'one'), await say(h, 'two'), await say(h, 'three')];
    expect(await h.deliver(c.id)).toBe('delete');
    expect(await h.deliver(b.id)).toBe('delete');
    expect((await h.task(c.id)).state).toMatchObject({ status: 'parked', cause: 'session' });
    expect(h.model.requests).toHaveLength(0);
    for (const { id } of [a, b, c]) expect(await h.deliver(id)).toBe('delete');
    const one = ['{"instruction":"one"}'];
    const two = ['one', '{"sum":1}', '{"instruction":"two"}'];
    const three = ['one', '{"sum":1}', 'two', '{"sum":2}', '{"instruction":"three"}'];
    expect(texts(h)).toEqual([one, two, three]);
    expect((await h.task(c.id)).state).toMatchObject({ status: 'succeeded' });
  });

  it('are not spoilt by half of an emoji, in what was asked or answered', async () => {
    const half = 'cut \ud83d here';
    const turn = () => ({ user: half, assistant: half });
    const agent = defineAgent({ ...adderOptions, turn });
    const h = workerHarness([{ json: { sum: 1 } }, { json: { sum: 2 } }], agent);
    const [a, b] = [await say(h, half), await say(h, 'two')];
    for (const { id } of [a, b]) expect(await h.deliver(id)).toBe('delete');
    expect(texts(h)[1]?.slice(0, 2)).toEqual(['cut � here', 'cut � here']);
    expect((await h.task(b.id)).state.status).toBe('succeeded');
  });

  it('wake the next task as soon as they end', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const [a, b] = [await say(h, 'one'), await say(h, 'two')];
    await h.deliver(b.id);
    h.queue.receive('adder', 'default', 1_000)?.delete();
    h.queue.receive('adder', 'default', 1_000)?.delete();
    await h.deliver(a.id);
    expect(h.queue.waiting()).toEqual([b.id]);
    expect((await h.task(b.id)).state.status).toBe('queued');
  });

  it('continue after a task that failed or was cancelled, which adds no turn', async () => {
    const h = workerHarness([{ failure: { kind: 'permanent', reason: 'no' } }, { json: { sum: 2 } }]);
    const [a, b, c] = [await say(h, 'one'), await say(h, 'two'), await say(h, 'three')];
    await apply(h.store, b, (task) => cancel(task, h.clock.now()));
    await h.deliver(b.id);
    await h.deliver(a.id);
    await h.deliver(c.id);
    expect(texts(h).at(-1)).toEqual(['{"instruction":"three"}']);
    expect((await readSession(h.ports, 'default', 's'))?.waiting).toEqual([]);
  });

  it('are not delayed by an ended task that is still in the session', async () => {
    const h = workerHarness([{ json: { sum: 2 } }]);
    const a = await say(h, 'one');
    const b = await say(h, 'two');
    // Its worker died right after the end was written, before any waiter was notified.
    await apply(h.store, a, (task) => cancel(task, h.clock.now()));
    expect(await h.deliver(b.id)).toBe('delete');
    expect((await h.task(b.id)).state.status).toBe('succeeded');
  });

  it('are requeued by the sweeper when the worker died before it woke the next task', async () => {
    const h = workerHarness([{ json: { sum: 1 } }, { json: { sum: 2 } }]);
    const [a, b] = [await say(h, 'one'), await say(h, 'two')];
    await h.deliver(b.id);
    const write = () => Promise.reject(new Error('the store is down'));
    await expect(h.deliver(a.id, { sessions: { ...h.sessions, write } })).rejects.toThrow('the store is down');
    expect((await h.task(a.id)).state).toMatchObject({ status: 'succeeded', notified: false });
    h.clock.advance(60_000);
    await sweep(h.ports, () => true);
    expect(h.notifier.heard('one').status).toBe('succeeded');
    expect((await h.task(b.id)).state.status).toBe('queued');
  });

  it('are checked by the sweeper less and less often while they rightly wait', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const a = await say(h, 'one');
    const b = await say(h, 'two');
    await h.deliver(b.id);
    await apply(h.store, a, (task) => claim(task, 'worker', h.clock.now()));
    const sent = h.queue.waiting().length;
    h.clock.advance(60_000);
    await sweep(h.ports, () => true);
    expect((await h.task(b.id)).state).toMatchObject({ status: 'parked', cause: 'session', looks: 1 });
    expect(h.queue.waiting().filter((id) => id === b.id)).toHaveLength(1);
    expect(h.queue.waiting().length).toBeLessThanOrEqual(sent + 1);
  });

  it('are ended by the sweeper when their deadline passes while they wait', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    await say(h, 'one');
    const b = await say(h, 'two');
    await h.deliver(b.id);
    h.clock.advance(b.deadline - h.clock.now());
    await sweep(h.ports, () => true);
    expect((await h.task(b.id)).state).toMatchObject({ status: 'failed', failure: { kind: 'deadline' } });
  });

  it('fail with a clear reason when a thousand are waiting', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const waiting = Array.from({ length: MAX_WAITING }, (_, index) => taskIdSchema.parse(`t${index}`));
    const crowded = enter(
      newSession('default', 's', DEFAULT_SESSION_POLICY),
      taskIdSchema.parse('t'),
      h.clock.now(),
    ).session;
    await h.sessions.write({ ...crowded, waiting });
    const late = await h.accept({ idempotencyKey: 'late', sessionId: 's' });
    expect(await enterSession(h.ports, late)).toBe('full');
    await h.deliver(late.id);
    expect((await h.task(late.id)).state).toMatchObject({ status: 'failed', failure: { kind: 'permanent' } });
  });

  it('have turns with the text that the agent defines', async () => {
    const agent: Agent = defineAgent({ ...adderOptions, turn: () => ({ user: 'Add.', assistant: 'Added.' }) });
    const h = workerHarness([{ json: { sum: 1 } }], agent);
    await h.deliver((await say(h, 'one')).id);
    expect((await readSession(h.ports, 'default', 's'))?.turns).toMatchObject([{ user: 'Add.', assistant: 'Added.' }]);
    expect(await forgetSession(h.ports, 'default', 's')).toBe(true);
    expect((await readSession(h.ports, 'default', 's'))?.turns).toEqual([]);
    expect(await forgetSession(h.ports, 'default', 'unknown')).toBe(false);
  });

  it('leave the next task to its own pool’s sweeper when its queues cannot be reached', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const [a, b] = [await say(h, 'one'), await say(h, 'two')];
    await h.deliver(b.id);
    const sent = h.queue.waiting().length;
    await h.deliver(a.id, { queue: { ...h.queue, serves: async () => false } });
    expect(h.queue.waiting()).toHaveLength(sent);
    h.clock.advance(60_000);
    await sweep(h.ports, () => true);
    expect((await h.task(b.id)).state.status).toBe('queued');
  });

  it('are kept for the time that the environment sets', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const task = await h.accept({ sessionId: 's' });
    const sessionPolicy = { tokenLimit: 5_000, keptMs: 60_000 };
    await enterSession({ ...h.ports, sessionPolicy }, task);
    await h.deliver(task.id);
    expect((await readSession(h.ports, 'default', 's'))?.policy).toEqual(sessionPolicy);
    h.clock.advance(60_000);
    expect(await readSession(h.ports, 'default', 's')).toBeNull();
  });
});

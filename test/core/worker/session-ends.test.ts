import { describe, expect, it } from 'vitest';
import { cancelTask } from '#core/api/tasks/cancel-task.ts';
import { enterSession, forgetSession, readSession } from '#core/sessions/order.ts';
import { DEFAULT_SESSION_POLICY } from '#core/sessions/session.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import { acceptTask } from '#core/tasks/accept.ts';
import type { Submission } from '#core/tasks/submit.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import { workerHarness } from '../../support/worker-harness.ts';

type Harness = ReturnType<typeof workerHarness>;

const HOUR = 3_600_000;
const harness = (): Harness => workerHarness([{ json: { sum: 1 } }, { json: { sum: 2 } }, { json: { sum: 3 } }]);

/** Submits a task that nobody waits for. */
async function say(h: Harness, words: string): Promise<Task> {
  const task = await h.accept({ idempotencyKey: words, input: { instruction: words }, sessionId: 's' });
  await enterSession(h.ports, task);
  return task;
}

const stateOf = async (h: Harness, { id }: Task): Promise<TaskState> => (await h.task(id)).state;
const session = (h: Harness) => readSession(h.ports, 'default', 's');
const stored = (h: Harness) => h.sessions.get('default', 's');

/** Its worker dies right after it has written the end. */
async function dieAtEnd(h: Harness, { id }: Task): Promise<void> {
  const write = () => Promise.reject(new Error('the worker died'));
  await expect(h.deliver(id, { sessions: { ...h.sessions, write } })).rejects.toThrow('the worker died');
}

describe('the end of a task that is alone in its session', () => {
  it('I11: is written as notified, and the task leaves', async () => {
    const h = harness();
    const a = await say(h, 'one');
    await h.deliver(a.id);
    expect(await h.task(a.id)).toMatchObject({ version: 4, state: { status: 'succeeded', notified: true } });
    expect(await stored(h)).toMatchObject({ waiting: [], turns: [{ user: 'one' }] });
  });

  it('I11: is followed up when its message comes again after a crash, once', async () => {
    const h = harness();
    const a = await say(h, 'one');
    await dieAtEnd(h, a);
    expect(await stateOf(h, a)).toMatchObject({ status: 'succeeded', notified: true });
    expect((await stored(h))?.waiting).toEqual([a.id]);
    for (let again = 0; again < 2; again += 1) expect(await h.deliver(a.id)).toBe('delete');
    expect(await stored(h)).toMatchObject({ waiting: [], turns: [{ user: 'one' }] });
  });

  it('is seen in the session before anybody has removed the task', async () => {
    const h = harness();
    const a = await say(h, 'one');
    await dieAtEnd(h, a);
    expect(await session(h)).toMatchObject({ waiting: [], turns: [{ taskId: a.id }] });
  });

  it('brings no turn back after the session was forgotten', async () => {
    const h = harness();
    const a = await say(h, 'one');
    await dieAtEnd(h, a);
    expect(await forgetSession(h.ports, 'default', 's')).toBe(true);
    await h.deliver(a.id);
    expect(await stored(h)).toMatchObject({ waiting: [], turns: [] });
  });

  it('S4: does not keep the session from expiring', async () => {
    const h = harness();
    const a = await say(h, 'one');
    await dieAtEnd(h, a);
    h.clock.advance(HOUR);
    expect(await session(h)).toBeNull();
    const b = await say(h, 'two');
    expect(await stored(h)).toMatchObject({ waiting: [b.id], turns: [] });
  });

  it('S4: is remembered from when it ended, by a task that comes in time', async () => {
    const h = harness();
    const a = await say(h, 'one');
    h.clock.advance(HOUR / 2);
    await dieAtEnd(h, a);
    h.clock.advance(HOUR - 1);
    await say(h, 'two');
    expect(await session(h)).toMatchObject({ turns: [{ taskId: a.id }] });
  });

  it('I11: delays a task that came meanwhile by the sweeper’s minute at most', async () => {
    const h = harness();
    const a = await say(h, 'one');
    const late: Task[] = [];
    // It comes and is parked while the first one works, and that one's worker dies.
    const invoke: Harness['model']['invoke'] = async (request) => {
      late.push(await say(h, 'two'));
      for (const { id } of late) await h.deliver(id);
      return h.model.invoke(request);
    };
    const write: Harness['sessions']['write'] = async (next) => {
      if (next.waiting.includes(a.id)) return h.sessions.write(next);
      throw new Error('the worker died');
    };
    const dying = h.deliver(a.id, { model: { ...h.model, invoke }, sessions: { ...h.sessions, write } });
    await expect(dying).rejects.toThrow('the worker died');
    const [b] = late;
    if (!b) throw new Error('nothing came');
    expect(await stateOf(h, b)).toMatchObject({ status: 'parked', cause: 'session' });
    h.clock.advance(60_000);
    await sweep(h.ports, () => true);
    expect((await stateOf(h, b)).status).toBe('queued');
  });
});

describe('the end of a task of a session is noted after it has left', () => {
  it('if another task waits behind it', async () => {
    const h = harness();
    const a = await say(h, 'one');
    await say(h, 'two');
    await dieAtEnd(h, a);
    expect(await stateOf(h, a)).toMatchObject({ status: 'succeeded', notified: false });
  });

  it('if it has worked for so long that the sweeper looks less often at who came meanwhile', async () => {
    const h = harness();
    const a = await say(h, 'one');
    const invoke: Harness['model']['invoke'] = async (request) => {
      h.clock.advance(30_000);
      return h.model.invoke(request);
    };
    const write = () => Promise.reject(new Error('the worker died'));
    const dying = h.deliver(a.id, { model: { ...h.model, invoke }, sessions: { ...h.sessions, write } });
    await expect(dying).rejects.toThrow('the worker died');
    expect(await stateOf(h, a)).toMatchObject({ status: 'succeeded', notified: false });
  });
});

describe('a message says that its task opened its session', () => {
  const POLICY = { tokenLimit: 5_000, keptMs: 60_000 };

  async function accepted(h: Harness, words: string, change: object = {}) {
    const submission: Submission = {
      tenant: 'default',
      agent: 'adder',
      agentVersion: '1',
      priority: 'default',
      sessionId: 's',
      idempotencyKey: words,
      input: { instruction: words },
      budget: { tokens: 10_000, usd: 1 },
      createdAt: h.clock.now(),
      deadline: h.clock.now() + HOUR,
      request: { id: 'request', retry: 0 },
    };
    const { task } = await acceptTask({ ...h.ports, sessionPolicy: POLICY, ...change }, submission, 'resend');
    const bodies = Array.from({ length: 10 }, () => h.queue.receive('adder', 'default', HOUR)?.body);
    return { task, body: bodies.findLast((body) => body?.type === 'task' && body.taskId === task.id) };
  }

  it('I11: for the first task of a session, and no other', async () => {
    const h = harness();
    const a = await accepted(h, 'one');
    expect(a.body).toEqual({ type: 'task', taskId: a.task.id, opensSession: POLICY });
    const b = await accepted(h, 'two');
    expect(b.body).toEqual({ type: 'task', taskId: b.task.id });
    // A request that is repeated.
    expect((await accepted(h, 'one')).body).toEqual({ type: 'task', taskId: a.task.id });
  });

  it('not where homes move', async () => {
    const h = harness();
    const { task, body } = await accepted(h, 'one', { homes: { here: 0, names: ['us'] } });
    expect(body).toEqual({ type: 'task', taskId: task.id });
  });

  it('I11: so the worker does not read it, and leaves it with the policy that it was opened with', async () => {
    const h = harness();
    const { task, body } = await accepted(h, 'one');
    const get = () => Promise.reject(new Error('the session was read'));
    await h.deliver(task.id, { sessions: { ...h.sessions, get } }, undefined, undefined, undefined, body);
    expect(await stored(h)).toMatchObject({ version: 2, waiting: [], turns: [{ taskId: task.id }], policy: POLICY });
  });

  it('I11: and a task that came since goes on with its turn', async () => {
    const h = harness();
    const [a, b] = [await accepted(h, 'one'), await accepted(h, 'two')];
    await h.deliver(a.task.id, {}, undefined, undefined, undefined, a.body);
    await h.deliver(b.task.id, {}, undefined, undefined, undefined, b.body);
    expect((await stored(h))?.turns.map(({ taskId }) => taskId)).toEqual([a.task.id, b.task.id]);
    expect((await stored(h))?.policy).toEqual(POLICY);
  });

  it('which is read all the same once the message has waited', async () => {
    const h = harness();
    const { task, body } = await accepted(h, 'one');
    h.clock.advance(15_000);
    const get = () => Promise.reject(new Error('the session was read'));
    const late = h.deliver(task.id, { sessions: { ...h.sessions, get } }, undefined, undefined, undefined, body);
    await expect(late).rejects.toThrow('the session was read');
  });

  it('and does nothing for a task that was cancelled meanwhile', async () => {
    const h = harness();
    const { task, body } = await accepted(h, 'one');
    await cancelTask(h.ports, task);
    await h.deliver(task.id, {}, undefined, undefined, undefined, body);
    expect(await stored(h)).toMatchObject({ waiting: [], turns: [], policy: { ...DEFAULT_SESSION_POLICY, ...POLICY } });
  });
});

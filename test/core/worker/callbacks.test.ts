import { describe, expect, it } from 'vitest';
import type { CallbackQueue } from '#core/ports/callback-queue.ts';
import { webhookId } from '#core/callbacks/event.ts';
import { failDeadLetter } from '#core/sweeper/dead-letter.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import type { Submission } from '#core/tasks/submit.ts';
import type { Task } from '#core/tasks/task.ts';
import { notifyWaiters } from '#core/ending/notify.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };
const WITH: Partial<Submission> = { callback: { url: 'https://example.com/hook' }, metadata: { order: '7' } };
const MINUTE = 60_000;

type Harness = ReturnType<typeof workerHarness>;

/** What a call of a port does when its worker dies with it. */
type Death = 'before the effect' | 'after it';
const DEATHS: readonly Death[] = ['before the effect', 'after it'];

/** A call that takes effect or does not, and fails: nothing after it in its worker runs. */
const dying =
  <Arguments extends readonly unknown[]>(death: Death, call: (...given: Arguments) => Promise<unknown>) =>
  async (...given: Arguments): Promise<never> => {
    if (death === 'after it') await call(...given);
    throw new Error('the worker died');
  };

/** The ended task's state, told by nobody yet: its worker died before. */
async function endedUntold(h: Harness): Promise<Task> {
  const { id } = await h.accept({ ...WITH, waiter: 'token' });
  const callbacks: CallbackQueue = { send: () => Promise.reject(new Error('the worker died')) };
  await expect(h.deliver(id, { callbacks })).rejects.toThrow('died');
  return h.task(id);
}

const isNotified = ({ state }: Task): boolean => 'notified' in state && state.notified;

describe('callbacks', () => {
  it('I6: a receiver is told of the end before that is noted', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept(WITH);
    await h.deliver(id);
    expect(h.callbacks.sent).toHaveLength(1);
    expect(h.callbacks.sent[0]).toMatchObject({
      taskId: id,
      tenant: 'default',
      url: 'https://example.com/hook',
      event: { type: 'task.succeeded', data: { taskId: id, status: 'succeeded', metadata: { order: '7' } } },
    });
    expect(isNotified(await h.task(id))).toBe(true);
  });

  it('a task without one tells nobody', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    await h.deliver(id);
    expect(h.callbacks.sent).toEqual([]);
  });

  describe('I6: at least once and always the same, though the worker dies', () => {
    const places: Record<string, (h: Harness, death: Death) => Partial<WorkerPorts>> = {
      'as it answers a token': (h, death) => ({
        notifier: { answer: dying(death, (token, outcome) => h.notifier.answer(token, outcome)) },
      }),
      'as it sends the callback': (h, death) => ({
        callbacks: { send: dying(death, (callback) => h.callbacks.send(callback)) },
      }),
      'as it notes that all were told': (h, death) => ({
        store: { ...h.store, replace: dying(death, (task) => h.store.replace(task)) },
      }),
    };
    for (const [place, change] of Object.entries(places)) {
      it.each(DEATHS)(`${place}, %s`, async (death) => {
        const h = workerHarness([ANSWER]);
        const task = await endedUntold(h);
        await notifyWaiters({ ...h.ports, ...change(h, death) }, task).catch(() => undefined);
        h.clock.advance(2 * MINUTE);
        await sweep(h.ports, () => true);
        expect(isNotified(await h.task(task.id))).toBe(true);
        expect(h.callbacks.sent.length).toBeGreaterThanOrEqual(1);
        const [first, ...others] = h.callbacks.sent;
        for (const other of others) expect(other).toEqual(first);
        expect(new Set(h.callbacks.sent.map(({ taskId }) => webhookId(taskId)))).toEqual(new Set([`${task.id}/end`]));
      });
    }
  });

  it('the sweeper tells of a task whose deadline passed, the burial of one whose message is a dead letter', async () => {
    const h = workerHarness([ANSWER]);
    const late = await h.accept({ ...WITH, idempotencyKey: 'late', deadline: h.clock.now() + MINUTE });
    h.clock.advance(3 * MINUTE);
    await sweep(h.ports, () => true);
    const dead = await h.accept({ ...WITH, idempotencyKey: 'dead' });
    await failDeadLetter(h.ports, { type: 'task', taskId: dead.id });
    expect(h.callbacks.sent.map(({ taskId, event }) => [taskId, event.data.failureKind])).toEqual([
      [late.id, 'deadline'],
      [dead.id, 'crashed'],
    ]);
  });

  it('where there is no queue for it, the end is not noted as told', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept(WITH);
    await expect(h.deliver(id, { callbacks: undefined })).rejects.toThrow('CALLBACK_QUEUE_URL');
    expect(isNotified(await h.task(id))).toBe(false);
  });
});

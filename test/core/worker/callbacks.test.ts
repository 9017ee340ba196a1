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

/** Whether a call takes effect when its worker dies during it. */
type Death = 'before the effect' | 'after it';
const DEATHS: readonly Death[] = ['before the effect', 'after it'];

/** Makes a call that may take effect and then fails, so its worker runs nothing after it. */
const dying =
  <Arguments extends readonly unknown[]>(death: Death, call: (...given: Arguments) => Promise<unknown>) =>
  async (...given: Arguments): Promise<never> => {
    if (death === 'after it') await call(...given);
    throw new Error('the worker died');
  };

/** An ended task whose waiters are not notified yet, because its worker died first. */
async function endedUntold(h: Harness): Promise<Task> {
  const { id } = await h.accept({ ...WITH, waiter: 'token' });
  const callbacks: CallbackQueue = { send: () => Promise.reject(new Error('the worker died')) };
  await expect(h.deliver(id, { callbacks })).rejects.toThrow('died');
  return h.task(id);
}

const isNotified = ({ state }: Task): boolean => 'notified' in state && state.notified;

describe('callbacks', () => {
  it('I6: a receiver is notified before the task is marked as notified', async () => {
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

  it('a task without a callback notifies no receiver', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    await h.deliver(id);
    expect(h.callbacks.sent).toEqual([]);
  });

  describe('I6: at least one identical callback is sent, even if the worker dies', () => {
    const places: Record<string, (h: Harness, death: Death) => Partial<WorkerPorts>> = {
      'while it answers a token': (h, death) => ({
        notifier: { answer: dying(death, (token, outcome) => h.notifier.answer(token, outcome)) },
      }),
      'while it sends the callback': (h, death) => ({
        callbacks: { send: dying(death, (callback) => h.callbacks.send(callback)) },
      }),
      'while it marks the task as notified': (h, death) => ({
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

  it('the sweeper notifies about a missed deadline, and the dead-letter handler about a dead letter', async () => {
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

  it('without a callback queue the task is not marked as notified', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept(WITH);
    await expect(h.deliver(id, { callbacks: undefined })).rejects.toThrow('CALLBACK_QUEUE_URL');
    expect(isNotified(await h.task(id))).toBe(false);
  });
});

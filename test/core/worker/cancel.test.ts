import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';
import { apply } from '#core/tasks/apply.ts';
import { cancelTask } from '#core/api/tasks/cancel-task.ts';
import { cancel } from '#core/tasks/finish.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

describe('a cancellation request', () => {
  it('I4: aborts a running model call within seconds, and the call stays charged at its reservation', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const { id } = await h.accept({ waiter: 'token' });
    const inFlight = Promise.withResolvers<void>();
    const model = {
      ...h.model,
      invoke: ({ signal }: Parameters<typeof h.model.invoke>[0]) =>
        new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
          inFlight.resolve();
        }),
    };
    const delivered = h.deliver(id, { model });
    await inFlight.promise;
    const reserved = (await h.task(id)).reservation?.tokens ?? 0;
    await cancelTask(h.ports, await h.task(id));
    h.clock.advance(5_000);
    expect(await delivered).toBe('delete');
    const task = await h.task(id);
    expect(task.state.status).toBe('cancelled');
    expect(task.spend.lost.tokens).toBe(reserved);
    expect(reserved).toBeGreaterThan(0);
  });

  it('lets a running tool finish and commits its step, then ends the task', async () => {
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    let aborted = false;
    const slow = defineTool({
      name: 'slow',
      description: 'Takes its time.',
      input: z.object({}),
      async run(_, { signal }) {
        started.resolve();
        await finish.promise;
        aborted = signal.aborted;
        return 'done';
      },
    });
    const agent = defineAgent({ ...adderOptions, tools: [slow] });
    const h = workerHarness(
      [
        { answer: { content: [{ type: 'tool-use', id: 'use-1', name: 'slow', input: {} }], stopReason: 'tool-use' } },
        { json: { sum: 3 } },
      ],
      agent,
    );
    const { id } = await h.accept({ waiter: 'token' });
    const delivered = h.deliver(id);
    await started.promise;
    await cancelTask(h.ports, await h.task(id));
    h.clock.advance(5_000);
    finish.resolve();
    expect(await delivered).toBe('delete');
    expect(aborted).toBe(false);
    expect(await h.task(id)).toMatchObject({ state: { status: 'cancelled' }, steps: [1, 1] });
    expect(h.model.requests).toHaveLength(1);
    expect(h.notifier.heard('token').status).toBe('cancelled');
  });

  it('ends a task that is not running at once, and a worker notifies the waiters', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const { id } = await h.accept({ waiter: 'token' });
    expect((await cancelTask(h.ports, await h.task(id))).state.status).toBe('cancelled');
    expect(h.queue.waiting()).toEqual([id]);
    await h.deliver(id);
    expect(h.notifier.heard('token').status).toBe('cancelled');
    expect(await cancelTask(h.ports, await h.task(id))).toEqual(await h.task(id));
  });

  it('I1: is honoured when it arrives just before the worker parks the task', async () => {
    const h = workerHarness([{ failure: { kind: 'throttled', reason: '429', retryAfterMs: 60_000 } }]);
    const { id } = await h.accept({ waiter: 'token' });
    const model = {
      ...h.model,
      async invoke(request: Parameters<typeof h.model.invoke>[0]) {
        await apply(h.store, await h.task(id), (task) => cancel(task, h.clock.now()));
        return h.model.invoke(request);
      },
    };
    expect(await h.deliver(id, { model })).toBe('delete');
    expect((await h.task(id)).state.status).toBe('cancelled');
    expect(h.notifier.heard('token').status).toBe('cancelled');
  });

  it('I1: is honoured when the worker has not seen it before it yields', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const { id } = await h.accept({ waiter: 'token' });
    const store = {
      ...h.store,
      // Another writer writes first, right before the worker yields.
      async replace(next: Parameters<typeof h.store.replace>[0]) {
        if (next.state.status === 'parked') {
          await apply(h.store, await h.task(id), (task) => cancel(task, h.clock.now()));
        }
        return h.store.replace(next);
      },
    };
    expect(await h.deliver(id, { store }, 5_000)).toBe('delete');
    expect((await h.task(id)).state.status).toBe('cancelled');
    expect(h.notifier.heard('token').status).toBe('cancelled');
  });
});

import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';
import { verifyTask } from '#core/audit/verify-task.ts';
import { apply } from '#core/tasks/apply.ts';
import { claim, LEASE_MS, RENEW_EVERY_MS } from '#core/tasks/claim.ts';
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

  /** A task whose tool `slow` is running, and the signal that it got. */
  async function inTool(run: (signal: AbortSignal) => Promise<string>, change: { readonly deadline?: number } = {}) {
    const started = Promise.withResolvers<AbortSignal>();
    const slow = defineTool({
      name: 'slow',
      description: 'Takes its time.',
      input: z.object({}),
      run: (_, { signal }) => {
        started.resolve(signal);
        return run(signal);
      },
    });
    const use = { type: 'tool-use', id: 'use-1', name: 'slow', input: {} } as const;
    const agent = defineAgent({ ...adderOptions, tools: [slow] });
    const h = workerHarness([{ answer: { content: [use], stopReason: 'tool-use' } }, { json: { sum: 3 } }], agent);
    const { id } = await h.accept({ waiter: 'token', ...change });
    const delivered = h.deliver(id);
    return { h, id, delivered, signal: await started.promise };
  }

  /** Lets a heartbeat find what happened meanwhile. */
  const heartbeat = async (h: ReturnType<typeof workerHarness>): Promise<void> => {
    h.clock.advance(RENEW_EVERY_MS);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };

  it('I3: a tool that listens to its signal ends in time, and its step counts', async () => {
    const { h, id, delivered, signal } = await inTool(
      (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('stopped halfway'))),
    );
    await cancelTask(h.ports, await h.task(id));
    await heartbeat(h);
    expect(await delivered).toBe('delete');
    expect(signal.aborted).toBe(true);
    expect(await h.task(id)).toMatchObject({ state: { status: 'cancelled' }, steps: [1, 1] });
    expect(h.model.requests).toHaveLength(1);
    expect(h.audit.entries().map(({ phase, outcome }) => [phase, outcome])).toEqual([
      ['before', undefined],
      ['after', 'ok'],
    ]);
    expect(h.notifier.heard('token').status).toBe('cancelled');
  });

  it('I1, I7: a tool that does not listen is given up two seconds later, and its outcome is not known', async () => {
    const late = Promise.withResolvers<string>();
    const { h, id, delivered } = await inTool(() => late.promise);
    await cancelTask(h.ports, await h.task(id));
    await heartbeat(h);
    expect((await h.task(id)).state.status).toBe('running');
    h.clock.advance(2_000);
    expect(await delivered).toBe('delete');
    const task = await h.task(id);
    expect(task).toMatchObject({ state: { status: 'cancelled' }, steps: [1], reservation: null });
    expect(task.lastError?.reason).toContain('while the tool slow was running. What it did is not known');
    expect(h.audit.entries().map(({ phase }) => phase)).toEqual(['before']);
    expect(h.events).toContainEqual(expect.objectContaining({ type: 'tool.given-up', tool: 'slow' }));
    expect(h.notifier.heard('token').status).toBe('cancelled');
    // What it came to after all stands in the trail, which stays whole, and changes nothing else.
    late.resolve('done after all');
    await vi.waitFor(() => expect(h.audit.entries()).toHaveLength(2), { timeout: 90_000 });
    expect(await h.task(id)).toEqual(task);
    const [verdict] = await verifyTask({ reader: h.audit, store: h.store, ids: h.ids }, id);
    expect(verdict).toMatchObject({ whole: true, chain: [{ phase: 'before' }], uncounted: [{ phase: 'after' }] });
  });

  it('I1: a deadline that passes while a tool runs ends the task too', async () => {
    const deadline = Date.UTC(2026, 10, 23) + 60_000;
    const { h, id, delivered, signal } = await inTool(() => new Promise(() => undefined), { deadline });
    for (let beat = 0; beat < 11; beat += 1) await heartbeat(h);
    expect(signal.aborted).toBe(false);
    await heartbeat(h);
    expect(signal.aborted).toBe(true);
    h.clock.advance(2_000);
    await delivered;
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'deadline' } });
  });

  it('I5: what was aborted for the deadline costs no attempt, even if the clock is then set back', async () => {
    const deadline = Date.UTC(2026, 10, 23) + 60_000;
    const { h, id, delivered, signal } = await inTool(() => new Promise(() => undefined), { deadline });
    for (let beat = 0; beat < 12; beat += 1) await heartbeat(h);
    expect(signal.aborted).toBe(true);
    h.clock.set(deadline - 30_000);
    h.clock.advance(2_000);
    await delivered;
    expect(await h.task(id)).toMatchObject({ attempts: 0, state: { status: 'failed', failure: { kind: 'deadline' } } });
  });

  it('I2: a worker that lost its claim gives its tool up and writes nothing', async () => {
    const { h, id, delivered, signal } = await inTool(() => new Promise(() => undefined));
    await apply(h.store, await h.task(id), (task) => claim(task, 'another', h.clock.now() + LEASE_MS));
    const taken = await h.task(id);
    await heartbeat(h);
    expect(signal.aborted).toBe(true);
    h.clock.advance(2_000);
    expect(await delivered).toBe('keep');
    expect(await h.task(id)).toEqual(taken);
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

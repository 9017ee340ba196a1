import { describe, expect, it } from 'vitest';
import { failDeadLetter } from '#core/sweeper/dead-letter.ts';
import { LEASE_MS, MAX_CRASHES } from '#core/tasks/claim.ts';
import { workerHarness } from '../../support/worker-harness.ts';

describe('I9: the last error of a task', () => {
  const dying = { name: 'stream-1', trace: '1-aaaa-1' };

  it('names the worker that died when a dead letter fails the task', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const { id } = await h.accept();
    const never = new Promise<never>(() => undefined);
    const started = Promise.withResolvers<void>();
    const invoke = async () => (started.resolve(), never);
    void h.deliver(
      id,
      { clock: { ...h.clock, every: () => () => undefined }, model: { ...h.model, invoke } },
      300_000,
      [],
      dying,
    );
    await started.promise;
    const died = h.clock.now() + LEASE_MS;
    h.clock.advance(LEASE_MS + 1);
    expect(await failDeadLetter(h.ports, { type: 'task', taskId: id })).toBe('failed');
    const task = await h.task(id);
    expect(task).toMatchObject({ state: { status: 'failed', failure: { kind: 'crashed' } } });
    expect(task.lastError).toEqual({ reason: expect.stringContaining('memory'), at: died, worker: dying });
  });

  it('names the worker that died, not the one that fails the task after too many crashes', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const task = await h.accept();
    const lapsed = { status: 'running' as const, holder: 'h', leaseUntil: h.clock.now() - 1, cancelRequested: false };
    await h.store.replace({
      ...task,
      version: task.version + 1,
      crashes: MAX_CRASHES - 1,
      worker: dying,
      state: lapsed,
    });
    await h.deliver(task.id, {}, 300_000, [], { name: 'stream-2' });
    const ended = await h.task(task.id);
    expect(ended).toMatchObject({ state: { failure: { kind: 'crashed' } }, worker: { name: 'stream-2' } });
    expect(ended.lastError?.worker).toEqual(dying);
  });

  it('may be a failure that is retried, or an unexpected error', async () => {
    const h = workerHarness([{ failure: { kind: 'transient', reason: 'The model is down.' } }, { json: { sum: 3 } }]);
    const { id } = await h.accept();
    await h.deliver(id, {}, 300_000, [], dying);
    expect((await h.task(id)).lastError).toEqual({ reason: 'The model is down.', at: h.clock.now(), worker: dying });
    h.clock.advance(60_000);
    const pools = { ...h.pools, view: () => Promise.reject(new Error('The table is gone.')) };
    await expect(h.deliver(id, { pools })).rejects.toThrow('The table is gone.');
    expect((await h.task(id)).lastError).toMatchObject({ reason: 'Error: The table is gone.' });
    expect((await h.task(id)).state.status).toBe('running');
  });
});

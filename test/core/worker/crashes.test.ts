import { describe, expect, it } from 'vitest';
import { FailureError } from '#core/failures/failure.ts';
import { tokensOf } from '#core/models/price.ts';
import { LEASE_MS } from '#core/tasks/claim.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import { work } from '#core/worker/work.ts';
import { heldModel } from '../../support/fakes/held-model.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };

/** A call that never returns: how a killed worker looks from outside. */
const dead = <Result>(): Promise<Result> => new Promise(() => undefined);

/** Delivers to a worker whose `port.method` hangs forever. Resolves when the call is reached. */
async function dieAt(
  h: ReturnType<typeof workerHarness>,
  id: Parameters<typeof h.deliver>[0],
  change: (reached: () => void) => Partial<WorkerPorts>,
) {
  const reached = Promise.withResolvers<void>();
  void h.deliver(
    id,
    change(() => reached.resolve()),
  );
  await reached.promise;
}

describe('crashes', () => {
  it('I3, I4: another worker continues after the lease expires, and the call in flight stays charged', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    await dieAt(h, id, (reached) => ({
      model: { ...h.model, invoke: () => (reached(), dead()) },
      clock: { ...h.clock, every: () => () => undefined },
    }));
    h.clock.advance(LEASE_MS + 1);
    await h.deliver(id);
    const task = await h.task(id);
    expect(task.state.status).toBe('succeeded');
    expect(task.epoch).toBe(2);
    expect(task.crashes).toBe(1);
    expect(task.spend.lost.tokens).toBeGreaterThan(1_000);
    expect(task.spend.lost.usd).toBeGreaterThan(0);
  });

  it('I3: a written but uncommitted step is adopted, not run again', async () => {
    // It is repaired by another call, before which it is written.
    const h = workerHarness([{ json: { sum: 'three' } }, ANSWER]);
    const { id } = await h.accept();
    await dieAt(h, id, (reached) => ({
      store: {
        ...h.store,
        async putStep(step) {
          await h.store.putStep(step);
          reached();
          return dead();
        },
      },
      clock: { ...h.clock, every: () => () => undefined },
    }));
    h.clock.advance(LEASE_MS + 1);
    await h.deliver(id);
    const task = await h.task(id);
    expect(task.state.status).toBe('succeeded');
    expect(h.model.requests).toHaveLength(2);
    expect(task.steps).toEqual([1, 2]);
    expect(task.spend.lost).toEqual({ tokens: 0, usd: 0 });
    expect(tokensOf(task.spend.usage)).toBe(2_200);
  });

  it.each([
    ['that another one follows', [{ json: { sum: 'three' } }, ANSWER]],
    ['that ends the task', [{ json: { sum: 3, text: 'x'.repeat(5_000) } }]],
  ] as const)('I4: a step %s and that can never be stored fails the task once, and stays charged', async (_, lines) => {
    const h = workerHarness(lines);
    const { id } = await h.accept();
    const failure = { kind: 'permanent', reason: 'The step is too large.' } as const;
    const putStep = () => Promise.reject(new FailureError(failure));
    await h.deliver(id, { store: { ...h.store, putStep } });
    const task = await h.task(id);
    expect(task.state).toMatchObject({ status: 'failed', failure });
    expect(task.steps).toEqual([]);
    expect(task.spend.lost.tokens).toBeGreaterThan(1_000);
    expect(h.model.requests).toHaveLength(1);
  });

  it('I2: a late writer is refused and changes nothing', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ waiter: 'token' });
    const { model, called, letGo } = heldModel(h.model);
    const paused = h.deliver(id, { model, clock: { ...h.clock, every: () => () => undefined } });
    await called;
    h.clock.advance(LEASE_MS + 1);
    await h.deliver(id);
    const settled = await h.task(id);
    letGo();
    expect(await paused).toBe('keep');
    expect(await h.task(id)).toEqual(settled);
    expect(h.notifier.answers).toHaveLength(1);
  });

  it('a task that keeps killing its workers finally fails', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ budget: { tokens: 10_000_000, usd: 100 } });
    for (let crash = 0; crash < 8; crash += 1) {
      await dieAt(h, id, (reached) => ({
        model: { ...h.model, invoke: () => (reached(), dead()) },
        clock: { ...h.clock, every: () => () => undefined },
      }));
      h.clock.advance(LEASE_MS + 1);
    }
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'crashed' } });
  });

  it('a worker that cannot extend its message keeps its claim, and no crash is counted', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    const disposal = await work(h.ports, h.agent, {
      message: { type: 'task', taskId: id },
      received: { extend: () => Promise.reject(new Error('throttled')) },
      timeLeftMs: () => 300_000,
    });
    expect(disposal).toBe('delete');
    expect(await h.task(id)).toMatchObject({ epoch: 1, crashes: 0, state: { status: 'succeeded' } });
  });

  it('hides its message once the turn has taken a second, and then with each renewal', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    const { model, called, letGo } = heldModel(h.model);
    const hidden: number[] = [];
    const received = { extend: async (ms: number) => void hidden.push(ms) };
    const message = { type: 'task', taskId: id } as const;
    const turn = work({ ...h.ports, model }, h.agent, { message, received, timeLeftMs: () => 300_000 });
    await called;
    h.clock.advance(999);
    expect(hidden).toEqual([]);
    h.clock.advance(1);
    expect(hidden).toEqual([LEASE_MS]);
    h.clock.advance(4_000);
    await expect.poll(() => hidden).toEqual([LEASE_MS, LEASE_MS]);
    letGo();
    await turn;
    h.clock.advance(60_000);
    expect(hidden).toHaveLength(2);
  });

  it('does not hide the message of a turn that is over within a second', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    const hidden: number[] = [];
    const received = { extend: async (ms: number) => void hidden.push(ms) };
    const message = { type: 'task', taskId: id } as const;
    await work(h.ports, h.agent, { message, received, timeLeftMs: () => 300_000 });
    h.clock.advance(60_000);
    expect(hidden).toEqual([]);
  });

  it('a live worker renews its lease, so no other worker claims its task', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    const { model, called, letGo } = heldModel(h.model);
    const first = h.deliver(id, { model });
    await called;
    for (let second = 0; second < 60; second += 5) {
      h.clock.advance(5_000);
      await new Promise(setImmediate);
    }
    expect(await h.deliver(id)).toBe('keep');
    letGo();
    await first;
    expect((await h.task(id)).epoch).toBe(1);
  });
});

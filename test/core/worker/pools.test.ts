import { describe, expect, it } from 'vitest';
import type { Failure } from '#core/failures/failure.ts';
import { mayComeBack, pausePool, readPool, resumePool } from '#core/pools/pause.ts';
import { healthyPool, moveTo } from '#core/pools/pool.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import type { Line } from '../../support/fakes/scripted-model.ts';
import { workerHarness } from '../../support/worker-harness.ts';

type Harness = ReturnType<typeof workerHarness>;

const many = async (h: Harness, count: number) => {
  const ids = [];
  for (let index = 0; index < count; index += 1) ids.push((await h.accept({ idempotencyKey: `k${index}` })).id);
  return ids;
};
const words = { reason: 'let me look', by: 'ops' };
const REFUSED: Failure = { kind: 'permanent', reason: 'The key was refused.', everyCall: true };

describe('I13: a paused pool', () => {
  it('starts no task, and requeues the waiting tasks a few at a time after it resumes', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const ids = await many(h, 25);
    await pausePool(h.ports, 'adder', words);
    for (const id of ids) expect(await h.deliver(id)).toBe('delete');
    expect(h.model.requests).toHaveLength(0);
    const [first] = ids;
    if (!first) throw new Error('no task');
    expect((await h.task(first)).state).toMatchObject({ status: 'parked', cause: 'paused' });
    h.clock.advance(60_000);
    expect(await sweep(h.ports, () => true)).toMatchObject({ resent: 0 });
    await resumePool(h.ports, 'adder');
    h.clock.advance(30_000);
    const back: number[] = [];
    for (let minute = 0; minute < 4; minute += 1) {
      back.push((await sweep(h.ports, () => true)).resent);
      h.clock.advance(60_000);
    }
    // Ten are requeued. The rest are checked again two minutes later, when forty may be requeued.
    expect(back.reduce((sum, count) => sum + count, 0)).toBe(25);
    await h.deliver(first);
    expect((await h.task(first)).state.status).toBe('succeeded');
  });

  it('requeues tasks that waited long in growing steps right after it resumes, whatever their next check was', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const ids = await many(h, 45);
    await pausePool(h.ports, 'adder', words);
    for (const id of ids) await h.deliver(id);
    // Each check that finds the pool paused delays the next one, up to eight minutes.
    for (const minutes of [1, 2, 4, 8]) {
      h.clock.advance(minutes * 60_000);
      expect(await sweep(h.ports, () => true, 'adder')).toMatchObject({ resent: 0 });
    }
    await resumePool(h.ports, 'adder');
    const back: number[] = [];
    for (let minute = 0; minute < 4; minute += 1) {
      h.clock.advance(1);
      await sweep(h.ports, () => true, 'adder');
      back.push(new Set(h.queue.waiting()).size);
      h.clock.advance(59_999);
    }
    expect(back).toEqual([10, 30, 45, 45]);
  });

  it('stores who paused it, and why', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    await pausePool(h.ports, 'adder', words);
    const { state } = await readPool(h.ports, 'adder');
    expect(state).toEqual({ status: 'paused', ...words, at: h.clock.now() });
    const [id] = await many(h, 1);
    if (!id) throw new Error('no task');
    await h.deliver(id);
    expect(h.events.at(-1)).toMatchObject({ reason: 'Pool adder was paused by ops: let me look' });
    expect((await resumePool(h.ports, 'adder')).state.status).toBe('resuming');
    expect((await readPool(h.ports, 'unknown')).state.status).toBe('active');
  });

  it('fails a task whose deadline passes while it waits', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const task = await h.accept();
    await pausePool(h.ports, 'adder', words);
    await h.deliver(task.id);
    h.clock.advance(task.deadline - h.clock.now());
    await sweep(h.ports, () => true);
    expect((await h.task(task.id)).state).toMatchObject({ failure: { kind: 'deadline' } });
  });

  it('requeues twice as many tasks each minute', () => {
    const resuming = moveTo(healthyPool('adder'), { state: { status: 'resuming', since: 0 } });
    expect([0, 60_000, 120_000, 900_001].map((now) => mayComeBack(resuming, now))).toEqual([10, 20, 40, Infinity]);
  });
});

describe('I13: a breaker', () => {
  it('writes nothing while calls succeed', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    for (const id of await many(h, 3)) await h.deliver(id);
    expect(await h.pools.get('adder')).toBeNull();
  });

  it('opens when all calls fail, lets one task probe, and closes when the probe succeeds', async () => {
    const refused: Line = { failure: REFUSED };
    const h = workerHarness([refused, ...Array.from({ length: 9 }, () => refused), { json: { sum: 1 } }]);
    const ids = await many(h, 14);
    for (const id of ids.slice(0, 12)) await h.deliver(id);
    expect(h.model.requests).toHaveLength(10);
    const { state } = await readPool(h.ports, 'adder');
    expect(state).toMatchObject({ status: 'open', reason: REFUSED.reason, until: h.clock.now() + 30_000 });
    const [probe, other] = ids.slice(12);
    if (!probe || !other) throw new Error('no tasks');
    h.clock.advance(30_000);
    await h.deliver(probe);
    expect((await h.task(probe)).state.status).toBe('succeeded');
    expect((await readPool(h.ports, 'adder')).state.status).toBe('resuming');
    await h.deliver(other);
    expect((await h.task(other)).state.status).toBe('succeeded');
  });

  it('stays open twice as long when the probe fails', async () => {
    const h = workerHarness([{ failure: REFUSED }]);
    const ids = await many(h, 11);
    for (const id of ids.slice(0, 10)) await h.deliver(id);
    h.clock.advance(30_000);
    const [probe] = ids.slice(10);
    if (probe) await h.deliver(probe);
    const { state } = await readPool(h.ports, 'adder');
    expect(state).toMatchObject({ status: 'open', until: h.clock.now() + 60_000, opens: 2 });
  });

  it.each<[string, Failure]>([
    ['throttling', { kind: 'throttled', reason: '429' }],
    ['a broken document', { kind: 'permanent', reason: 'The PDF is damaged.' }],
  ])('does not open for %s', async (_, failure) => {
    const h = workerHarness([{ failure }]);
    // The governor would delay the others after the first failure. Without it, all of them call.
    h.paces.replace = () => Promise.reject(new Error('down'));
    for (const id of await many(h, 15)) await h.deliver(id);
    expect(h.model.requests).toHaveLength(15);
    expect(await h.pools.get('adder')).toBeNull();
  });
});

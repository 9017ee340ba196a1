import { expect, it } from 'vitest';
import { awaitEnds } from '#core/tasks/await-ends.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { workerHarness } from '../../support/worker-harness.ts';

/** Three tasks, a clock that only sleeping moves, and which tasks were read at which time. */
async function world() {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const { store } = h.ports;
  const ids: TaskId[] = [];
  for (let number = 0; number < 3; number += 1) ids.push((await h.accept({ idempotencyKey: String(number) })).id);
  let elapsed = 0;
  const wakes = new Map<number, () => Promise<unknown>>();
  const reads: [number, readonly TaskId[]][] = [];
  const counted = {
    get: (id: TaskId) => (reads.push([elapsed, [id]]), store.get(id)),
    getMany: (many: readonly TaskId[]) => (many.length > 0 && reads.push([elapsed, many]), store.getMany(many)),
  };
  const time = {
    now: () => elapsed,
    async sleep(ms: number) {
      elapsed += ms;
      for (const [at, wake] of wakes)
        if (at <= elapsed) {
          wakes.delete(at);
          await wake();
        }
    },
  };
  const end = (index: number) => async () => {
    const task = await store.get(ids[index] as TaskId);
    if (task)
      await store.replace({
        ...task,
        version: task.version + 1,
        state: { status: 'cancelled', finishedAt: 1, notified: true },
      });
  };
  return {
    ids,
    reads,
    end,
    wakes,
    wait: (seconds: number) => awaitEnds(counted, ids, seconds, time),
    now: () => elapsed,
  };
}

it('resolves when the last of the tasks has ended, and reads the others only when the last one has', async () => {
  const { ids, reads, end, wakes, wait, now } = await world();
  wakes.set(50, end(2));
  wakes.set(80, end(0));
  wakes.set(2_000, end(1));
  await wait(20);
  expect(now()).toBeGreaterThanOrEqual(2_000);
  expect(now()).toBeLessThan(3_100);
  expect(reads.slice(0, 3)).toEqual([
    [0, [ids[2]]],
    [100, [ids[2]]],
    [100, [ids[0], ids[1]]],
  ]);
  expect(reads.slice(3).every(([, [id]]) => id === ids[1])).toBe(true);
});

it('resolves when the time is over, and not before', async () => {
  const { wait, now } = await world();
  await wait(3);
  expect(now()).toBe(3_000);
});

it('a task that does not exist is not waited for', async () => {
  const { now } = await world();
  const none = { get: () => Promise.resolve(null), getMany: () => Promise.resolve([]) };
  const sleep = () => Promise.reject(new Error('slept'));
  await expect(awaitEnds(none, ['a', 'b'] as TaskId[], 20, { now, sleep })).resolves.toBeUndefined();
});

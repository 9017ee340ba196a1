import { expect, it } from 'vitest';
import { whyTask } from '#core/api/why/rules.ts';
import { countTasks } from '#core/api/pools/count-tasks.ts';
import { gaugePool } from '#core/sweeper/gauge-pool.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const CALLER = { tenant: 'acme', keyId: 'key-1', scopes: ['read' as const], agents: null };

/** A pool with 250 queued tasks, of which the index names the first one twice, and how many tasks were read at once. */
async function pool() {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const ids: TaskId[] = [];
  for (let index = 0; index < 250; index += 1) {
    ids.push((await h.accept({ tenant: 'acme', idempotencyKey: `k${index}` })).id);
    h.clock.advance(1);
  }
  const atOnce: number[] = [];
  const { store } = h.ports;
  const [getMany, unfinished] = [store.getMany.bind(store), store.unfinished.bind(store)];
  store.unfinished = async function* twice(agent) {
    yield* unfinished(agent);
    yield* ids.slice(0, 1);
  };
  store.getMany = (some) => {
    atOnce.push(some.length);
    return getMany(some);
  };
  return { h, ids, atOnce };
}

it('a pool is measured and counted, and a task explained, with at most 100 whole tasks in memory', async () => {
  const { h, ids, atOnce } = await pool();
  expect(await gaugePool(h.ports, 'adder')).toMatchObject({ queued: 250 });
  expect(await countTasks(h.ports.store, 'adder')).toMatchObject({ queued: 250, complete: true });
  expect(await whyTask(h.ports, CALLER, ids[249] ?? '')).toMatchObject({ ahead: 249 });
  expect(Math.max(...atOnce)).toBe(100);
});

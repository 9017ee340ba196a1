import { expect, it } from 'vitest';
import { MAX_WAITED_FOR, tasksToWaitForSchema, waitedForSchema } from '#core/api/tasks/messages.ts';
import { waitForTasks } from '#core/api/tasks/wait-for-tasks.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const CALLER = { tenant: 'acme', keyId: 'key-1', scopes: ['read' as const], agents: null };
const SUCCEEDED = {
  status: 'succeeded',
  finishedAt: 1,
  output: { sum: 3 },
  warnings: [],
  notified: true,
} as const satisfies TaskState;

/** Tasks of two tenants, and a waiter that ends some of them. */
async function world(outcome: 'over' | 'busy' = 'over') {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const { store, ids } = h.ports;
  let number = 0;
  const accept = async (tenant = 'acme') => (await h.accept({ tenant, idempotencyKey: String((number += 1)) })).id;
  const put = async (id: TaskId, change: Partial<Task>) => {
    const task = await store.get(id);
    if (task) await store.replace({ ...task, ...change, version: task.version + 1 });
  };
  const end = (id: TaskId, state: TaskState = SUCCEEDED) => put(id, { state });
  const waited: (readonly TaskId[])[] = [];
  const during: TaskId[] = [];
  const waiter = {
    async wait(open: readonly TaskId[]) {
      waited.push(open);
      for (const id of during) await end(id);
      return outcome;
    },
  };
  const ask = async (wanted: readonly string[], wait = 20, caller: typeof CALLER | object = {}) => {
    const answer = await waitForTasks({ store, ids, waiter }, { ...CALLER, ...caller }, { ids: [...wanted], wait });
    return { ...answer, body: waitedForSchema.parse(answer.body) };
  };
  return { accept, end, put, waited, during, ask, store };
}

it('returns those that have ended after waiting for the open ones', async () => {
  const { accept, end, waited, during, ask } = await world();
  const [a, b, c] = [await accept(), await accept(), await accept()];
  await end(a);
  during.push(b);
  const { body, headers } = await ask([c, a, b, a]);
  expect(waited).toEqual([[c, b]]);
  expect(body.ended.map(({ id, status }) => [id, status])).toEqual([
    [a, 'succeeded'],
    [b, 'succeeded'],
  ]);
  expect(body).toMatchObject({ pending: [c], problems: [] });
  expect(headers).toBeUndefined();
});

it('does not wait when all have ended, or when it is not to wait', async () => {
  const { accept, end, waited, ask } = await world();
  const [a, b] = [await accept(), await accept()];
  await end(a);
  await ask([a]);
  expect((await ask([a, b], 0)).body).toMatchObject({ ended: [{ id: a }], pending: [b] });
  expect(waited).toEqual([]);
});

it('says when to ask again if too many requests are waiting', async () => {
  const { accept, ask } = await world('busy');
  const id = await accept();
  expect(await ask([id])).toMatchObject({ body: { pending: [id] }, headers: { 'retry-after': '1' } });
});

it('a task of another tenant, or of an agent that the key may not use, is as one that does not exist', async () => {
  const { accept, end, waited, ask } = await world();
  const [own, foreign] = [await accept(), await accept('umbrella')];
  await end(own);
  await end(foreign);
  const { body } = await ask([own, foreign, 'nonsense'], 20, { agents: ['subtracter'] });
  expect(body.ended).toEqual([]);
  expect(body.problems.map(({ id, problem }) => [id, problem.status])).toEqual([
    [own, 404],
    [foreign, 404],
    ['nonsense', 404],
  ]);
  const [, other] = body.problems;
  expect(other?.problem.detail).toBe(body.problems[2]?.problem.detail.replace('nonsense', foreign));
  expect(waited).toEqual([]);
});

it('results that do not fit into a response are pending, but never all of them', async () => {
  const { accept, end, ask } = await world();
  const large = { ...SUCCEEDED, output: 'x'.repeat(3_000_000) };
  const ids = [await accept(), await accept(), await accept()];
  for (const id of ids) await end(id, large);
  const first = await ask(ids);
  expect(first.body.ended.map(({ id }) => id)).toEqual([ids[0]]);
  expect(first.body.pending).toEqual(ids.slice(1));
});

it('at most 100 tasks are waited for at once', () => {
  const ids = Array.from({ length: MAX_WAITED_FOR + 1 }, (_, index) => `t${index}`);
  expect(tasksToWaitForSchema.safeParse({ ids }).error?.issues[0]?.path).toEqual(['ids']);
  expect(tasksToWaitForSchema.safeParse({ ids: [] }).success).toBe(false);
  expect(tasksToWaitForSchema.parse({ ids: ['t'] })).toEqual({ ids: ['t'], wait: 20 });
});

it('a task that cannot be read now hides no others', async () => {
  const { accept, end, ask, store } = await world();
  const [a, b] = [await accept(), await accept()];
  await end(a);
  const get = store.get.bind(store);
  const lost = new Error('The home is lost.');
  Object.assign(store, {
    getMany: () => Promise.reject(lost),
    get: (id: TaskId) => (id === b ? Promise.reject(lost) : get(id)),
  });
  expect((await ask([b, a])).body).toMatchObject({ ended: [{ id: a }], pending: [b], problems: [] });
  await expect(ask([b])).rejects.toBe(lost);
});

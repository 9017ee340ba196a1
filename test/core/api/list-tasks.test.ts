import { describe, expect, it } from 'vitest';
import { listTasks } from '#core/api/tasks/list-tasks.ts';
import type { ListedTask, TaskListing, TaskStore } from '#core/ports/task-store.ts';
import type { Task } from '#core/tasks/task.ts';
import { NOW, sampleTask } from '../../contract/samples.ts';
import { inMemoryTaskStore } from '../../support/fakes/in-memory-task-store.ts';

const CALLER = { tenant: 'acme', keyId: 'key-1', scopes: ['read' as const], agents: null };

/** A store whose list has stale entries too, such as those of an earlier epoch of a home. */
async function storeWith(tasks: readonly Task[], stale: readonly ListedTask[]): Promise<TaskStore> {
  const store = inMemoryTaskStore();
  for (const task of tasks) await store.create(task);
  const sortOf = ({ createdAt, id }: ListedTask): string => `${createdAt}#${id}`;
  return {
    ...store,
    async *list({ after, from = 0, to = Infinity, ...listing }: TaskListing) {
      const all: ListedTask[] = [...stale];
      for await (const entry of store.list(listing)) all.push(entry);
      const wanted = all.filter(
        (entry) => entry.createdAt >= from && entry.createdAt < to && (!after || sortOf(entry) < sortOf(after)),
      );
      yield* wanted.toSorted((a, b) => (sortOf(a) < sortOf(b) ? 1 : -1));
    },
  };
}

async function pages(store: TaskStore, limit: number, query: { from?: string; to?: string; runId?: string } = {}) {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTasks(store, CALLER, { limit, cursor, ...query });
    ids.push(...page.tasks.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
}

const iso = (ms: number): string => new Date(ms).toISOString();

describe('a list of tasks', () => {
  const tasks = Array.from({ length: 9 }, (_, n) => sampleTask({ tenant: 'acme', createdAt: NOW - 10 * n }));
  const ids = tasks.map(({ id }) => id);
  const [, , third] = tasks as [Task, Task, Task];

  it.each([1, 2, 3, 4, 10])(
    'has each task once and in order, on pages of %d, whatever stale entries it has',
    async (limit) => {
      for (const off of [-1_000, -65, -15, -5, 5, 15, 1_000]) {
        const store = await storeWith(tasks, [{ id: third.id, createdAt: third.createdAt + off }]);
        expect(await pages(store, limit)).toEqual(ids);
      }
    },
  );

  it('goes on behind more stale entries than one page reads', async () => {
    const stale = Array.from({ length: 1_200 }, (_, n) => ({ id: third.id, createdAt: NOW + 1 + n }));
    expect(await pages(await storeWith(tasks, stale), 5)).toEqual(ids);
  });

  it('finds a task by the time at which it was accepted, and by no stale entry', async () => {
    const store = await storeWith(tasks, [{ id: third.id, createdAt: NOW - 55 }]);
    const around = (at: number) => pages(store, 10, { from: iso(at - 1), to: iso(at + 1) });
    expect(await around(third.createdAt)).toEqual([third.id]);
    expect(await around(NOW - 55)).toEqual([]);
  });

  it('leaves out a task that another run took over since its entry was written', async () => {
    const task = sampleTask({ tenant: 'acme', runId: 'run-2' });
    const store = await storeWith([task], []);
    const list = store.list.bind(store);
    const behind = { ...store, list: (listing: TaskListing) => list({ ...listing, runId: 'run-2' }) };
    expect(await pages(behind, 10, { runId: 'run-1' })).toEqual([]);
    expect(await pages(behind, 10, { runId: 'run-2' })).toEqual([task.id]);
  });
});

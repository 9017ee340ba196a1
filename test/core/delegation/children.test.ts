import { expect, it } from 'vitest';
import { isOver } from '#core/delegation/children.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';

const COUNT = 500;
const idOf = (index: number): string => `counter-${String(index).padStart(32, '0')}`;
const children = Array.from({ length: COUNT }, (_, index) => ({
  id: idOf(index),
  to: 'count',
  index,
  budget: { usd: 1, tokens: 1 },
}));

/** Asks whether a parent may go on. @param running the places of children that have not ended */
async function ask(running: readonly number[], enough?: number) {
  const read: string[] = [];
  const open = new Set(running.map((index) => idOf(index)));
  const get = (id: TaskId): Promise<Task> => {
    read.push(id);
    const state = open.has(id) ? { status: 'running' } : { status: 'succeeded', finishedAt: 0 };
    return Promise.resolve({ id, state } as unknown as Task);
  };
  const delegation = { children, until: 1_000, ...(enough !== undefined && { enough }) };
  return { over: await isOver({ store: { get }, clock: { now: () => 0 } }, delegation), reads: read.length };
}

it.each([
  ['the last child', [499], 1],
  ['the one before', [498], 3],
  ['one in the middle', [250], 256],
  ['the first', [0], 500],
  ['all', children.map(({ index }) => index), 1],
])('stops at the first child that has not ended, from the end: %s', async (_, running, reads) => {
  expect(await ask(running)).toEqual({ over: false, reads });
});

it('reads each child once when all have ended, and no more than needed for enough successes', async () => {
  expect(await ask([])).toEqual({ over: true, reads: COUNT });
  expect(await ask([], 3)).toEqual({ over: true, reads: 3 });
  expect(await ask([0], COUNT)).toEqual({ over: false, reads: COUNT });
});

import type { TaskStore } from '../ports/task-store.ts';
import type { TaskId } from './task-id.ts';
import type { Task } from './task.ts';

/** Tasks of a pool that are read. Their number is exact up to here. */
const MAX_READ = 1_000;
/** Tasks in memory at once. A task may have hundreds of kilobytes. */
const CHUNK = 100;

/**
 * Reads an agent's tasks that have not ended, up to 1,000, and some that have just ended. Returns whether these were all.
 * @param use is called with each task. It keeps only what it needs, since a whole task may be large.
 */
export async function readUnfinished(
  store: Pick<TaskStore, 'unfinished' | 'getMany'>,
  agent: string,
  use: (task: Task) => void,
): Promise<boolean> {
  const ids: TaskId[] = [];
  let complete = true;
  for await (const id of store.unfinished(agent)) {
    complete = ids.length < MAX_READ;
    if (!complete) break;
    ids.push(id);
  }
  // The index may have named a task twice. In two chunks it would be counted twice.
  const distinct = [...new Set(ids)];
  for (let from = 0; from < distinct.length; from += CHUNK)
    for (const task of await store.getMany(distinct.slice(from, from + CHUNK))) use(task);
  return complete;
}

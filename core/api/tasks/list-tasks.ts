import type { TaskStore } from '../../ports/task-store.ts';
import type { TaskId } from '../../tasks/task-id.ts';
import type { Task } from '../../tasks/task.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { cursorText, parseCursor } from '../http/page.ts';
import type { TaskListQuery, TaskPage } from './messages.ts';
import { readTask } from './get-task.ts';
import { listChildren } from './list-children.ts';
import { taskView } from './task-view.ts';

/** Most tasks read for one page. A search for a rare status continues on the next page. */
const MAX_READ = 500;
const CHUNK = 100;

/**
 * Returns a page of the tenant's tasks, newest first. The status is filtered after reading, so a page may hold few
 * tasks, or none, and still have a `next` cursor.
 */
export async function listTasks(store: TaskStore, caller: Caller, query: TaskListQuery): Promise<TaskPage> {
  if (query.agent !== undefined) requireAgent(caller, query.agent);
  const listing = listingOf(caller, query);
  const found: Task[] = [];
  let last: Task | undefined;
  let read = 0;
  let more = false;
  for await (const chunk of chunks(
    query.parent === undefined
      ? store.list(listing)
      : listChildren(store, await readTask(store, caller, query.parent), listing),
    query.status === undefined ? query.limit + 1 : CHUNK,
  )) {
    for (const task of await inOrder(store, chunk)) {
      if (found.length === query.limit) {
        more = true;
        break;
      }
      last = task;
      if (fits(task, caller, query)) found.push(task);
    }
    read += chunk.length;
    more ||= read >= MAX_READ;
    if (more) break;
  }
  const tasks = found.map((task) => {
    const { output: _, ...view } = taskView(task);
    return view;
  });
  return { tasks, ...(more && last ? { next: cursorText(last) } : {}) };
}

const fits = ({ agent, state }: Task, { agents }: Caller, { status }: TaskListQuery): boolean =>
  (agents === null || agents.includes(agent)) && (status === undefined || state.status === status);

function listingOf({ tenant }: Caller, { agent, sessionId, runId, from, to, cursor }: TaskListQuery) {
  const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  return { tenant, agent, sessionId, runId, from: time(from), to: time(to), after };
}

async function inOrder(store: TaskStore, ids: readonly TaskId[]): Promise<readonly Task[]> {
  const tasks = new Map((await store.getMany(ids)).map((task) => [task.id, task]));
  return ids.flatMap((id) => tasks.get(id) ?? []);
}

async function* chunks<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

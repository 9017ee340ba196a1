import type { ListedTask, TaskStore } from '../../ports/task-store.ts';
import type { Task } from '../../tasks/task.ts';
import { chunksOf } from '../../concurrency/in-chunks.ts';
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
  let last: ListedTask | undefined;
  let read = 0;
  let more = false;
  for await (const chunk of chunksOf(
    query.parent === undefined
      ? store.list(listing)
      : listChildren(store, await readTask(store, caller, query.parent), listing),
    query.status === undefined ? query.limit + 1 : CHUNK,
  )) {
    for (const [entry, task] of await tasksAt(store, chunk)) {
      if (task && found.length === query.limit) {
        more = true;
        break;
      }
      last = entry;
      if (task && fits(task, caller, query)) found.push(task);
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

/** Another run may have taken the task over since its entry was written. */
const fits = (task: Task, { agents }: Caller, { status, runId }: TaskListQuery): boolean =>
  (agents === null || agents.includes(task.agent)) &&
  (status === undefined || task.state.status === status) &&
  (runId === undefined || task.runId === runId);

function listingOf({ tenant }: Caller, { agent, sessionId, runId, from, to, cursor }: TaskListQuery) {
  const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  return { tenant, agent, sessionId, runId, from: time(from), to: time(to), after };
}

/** Entries with their tasks; without one where it is gone, or has another entry. */
async function tasksAt(
  store: TaskStore,
  entries: readonly ListedTask[],
): Promise<readonly (readonly [ListedTask, Task | undefined])[]> {
  const tasks = new Map((await store.getMany(entries.map(({ id }) => id))).map((task) => [task.id, task]));
  return entries.map((entry) => {
    const task = tasks.get(entry.id);
    return [entry, task?.createdAt === entry.createdAt ? task : undefined];
  });
}

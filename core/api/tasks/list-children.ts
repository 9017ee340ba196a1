import type { ListedTask, TaskListing, TaskStore } from '../../ports/task-store.ts';
import type { Task } from '../../tasks/task.ts';

/**
 * The tasks that one delegated, newest first. A task names its children, so no index is needed and a new child is never
 * missing.
 */
export async function* listChildren(
  store: Pick<TaskStore, 'getMany'>,
  { children = [] }: Task,
  listing: TaskListing,
): AsyncGenerator<ListedTask> {
  const tasks = await store.getMany(children);
  const wanted = tasks.filter((task) => isListed(task, listing));
  for (const { id, createdAt } of wanted.toSorted((a, b) => -inOrder(a, b))) yield { id, createdAt };
}

function isListed(task: Task, { agent, sessionId, runId, from = 0, to = Infinity, after }: TaskListing): boolean {
  const wanted = { agent, sessionId, runId };
  const fits = (['agent', 'sessionId', 'runId'] as const).every((key) => (wanted[key] ?? task[key]) === task[key]);
  return fits && task.createdAt >= from && task.createdAt < to && (!after || inOrder(task, after) < 0);
}

const inOrder = (a: ListedTask, b: ListedTask): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

import type { TaskStore } from '../../ports/task-store.ts';
import type { TaskWaiter } from '../../ports/task-waiter.ts';
import { isTerminal, taskIdSchema, type Task } from '../../tasks/task.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { notFound } from '../http/problem.ts';
import type { ApiAnswer } from '../http/operation.ts';
import { taskView } from './task-view.ts';

/** A task of the caller's tenant, for an agent of its key; all others are not found (I8). Throws `ApiProblem`. */
export async function readTask(store: TaskStore, caller: Caller, id: string): Promise<Task> {
  const parsed = taskIdSchema.safeParse(id);
  const task = parsed.success ? await store.get(parsed.data) : null;
  if (!task || task.tenant !== caller.tenant) throw notFound('task', id);
  requireAgent(caller, task.agent);
  return task;
}

/** Seconds after which a client that could not wait here should ask again. */
const ASK_AGAIN = { 'retry-after': '1' };

/**
 * A task as it stands, or as it stands when it has ended or `seconds` are over. Where too many wait already the answer
 * comes at once and says when to ask again. Throws `ApiProblem`.
 */
export async function getTask(
  { store, waiter }: { readonly store: TaskStore; readonly waiter: TaskWaiter },
  caller: Caller,
  id: string,
  seconds: number,
): Promise<ApiAnswer> {
  const task = await readTask(store, caller, id);
  if (isTerminal(task.state) || seconds === 0) return { body: taskView(task) };
  const outcome = await waiter.wait(task.id, seconds);
  const body = taskView(await readTask(store, caller, id));
  return outcome === 'busy' ? { body, headers: ASK_AGAIN } : { body };
}

import type { TaskStore } from '../../ports/task-store.ts';
import type { TaskWaiter } from '../../ports/task-waiter.ts';
import { isTerminal, taskIdSchema, type Task } from '../../tasks/task.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { notFound } from '../http/problem.ts';
import type { ApiAnswer } from '../http/operation.ts';
import { taskView } from './task-view.ts';

/** Returns a task of the caller's tenant. Throws `ApiProblem`: not found for any other tenant's task (I8). */
export async function readTask(store: TaskStore, caller: Caller, id: string): Promise<Task> {
  const parsed = taskIdSchema.safeParse(id);
  const task = parsed.success ? await store.get(parsed.data) : null;
  if (!task || task.tenant !== caller.tenant) throw notFound('task', id);
  requireAgent(caller, task.agent);
  return task;
}

/** Seconds until a client whose request could not wait should ask again. */
const RETRY_AFTER = { 'retry-after': '1' };

/**
 * Returns a task, after waiting up to `seconds` for its end. When too many requests are waiting, it returns at once with
 * a `Retry-After` header. Throws `ApiProblem`.
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
  return outcome === 'busy' ? { body, headers: RETRY_AFTER } : { body };
}

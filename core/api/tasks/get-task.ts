import type { Ids } from '../../ports/ids.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { TaskWaiter } from '../../ports/task-waiter.ts';
import { taskIdSchema } from '../../tasks/task-id.ts';
import { isTerminal, type Task } from '../../tasks/task.ts';
import { unlessUnreadable } from '../../stored/record.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { notFound } from '../http/problem.ts';
import type { ApiAnswer } from '../http/operation.ts';
import { idOfRetry, isRetryable } from './retry-id.ts';
import { fullTaskView } from './task-view.ts';

/** Returns a task of the caller's tenant. Throws `ApiProblem`: not found for any other tenant's task (I8). */
export async function readTask(store: TaskStore, caller: Caller, id: string): Promise<Task> {
  const parsed = taskIdSchema.safeParse(id);
  const task = parsed.success ? await store.get(parsed.data) : null;
  if (!task || task.tenant !== caller.tenant) throw notFound('task', id);
  requireAgent(caller, task.agent);
  return task;
}

/** Seconds until a client whose request could not wait should ask again. */
export const RETRY_AFTER = { 'retry-after': '1' };

/**
 * Returns a task, after waiting up to `seconds` for its end. When too many requests are waiting, it returns at once with
 * a `Retry-After` header. Throws `ApiProblem`.
 */
export async function getTask(
  { store, waiter, ids }: { readonly store: TaskStore; readonly waiter: TaskWaiter; readonly ids: Ids },
  caller: Caller,
  id: string,
  seconds: number,
): Promise<ApiAnswer> {
  const task = await readTask(store, caller, id);
  if (isTerminal(task.state) || seconds === 0) return { body: await viewOf({ store, ids }, task) };
  const outcome = await waiter.wait([task.id], seconds);
  if (outcome === 'busy') return { body: await viewOf({ store, ids }, task), headers: RETRY_AFTER };
  return { body: await viewOf({ store, ids }, await readTask(store, caller, id)) };
}

async function viewOf({ store, ids }: { readonly store: TaskStore; readonly ids: Ids }, task: Task) {
  const retry = isRetryable(task) ? await unlessUnreadable(store.get(idOfRetry(ids, task)), null) : null;
  return fullTaskView(task, retry?.id);
}

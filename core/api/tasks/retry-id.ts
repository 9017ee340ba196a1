import type { Ids } from '../../ports/ids.ts';
import { keyedTaskId, regionInFront, taskIdSchema, type TaskId } from '../../tasks/task-id.ts';
import type { Task } from '../../tasks/task.ts';

/** The key of the new task. A redrive of a dead letter has the same one, so a task is started again at most once. */
export const keyOfRetry = ({ id }: Task): string => `redrive:${id}`;

/** The id of the task that starts this one again, whether it exists yet or not. It has the same home. */
export const idOfRetry = (ids: Ids, task: Task): TaskId =>
  taskIdSchema.parse(`${regionInFront(task.id)}${keyedTaskId(ids, task.tenant, keyOfRetry(task))}`);

/** Whether a task can be started again: it ended without a result, and no person has it. */
export const isRetryable = ({ state: { status } }: Task): boolean => status === 'failed' || status === 'cancelled';

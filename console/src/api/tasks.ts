import { z } from 'zod';
import {
  acceptedSchema,
  stepViewSchema,
  taskPageSchema,
  taskViewSchema,
  type Accepted,
  type StepView,
  type TaskPage,
  type TaskView,
} from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export type ListedTask = TaskPage['tasks'][number];
export type { StepView, TaskView };

/** Whether a task has reached its end. */
export const hasEnded = ({ status }: Pick<TaskView, 'status'>): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled' || status === 'escalated';

export interface TaskFilter {
  readonly agent?: string | undefined;
  readonly status?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly runId?: string | undefined;
  readonly parent?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number;
}

/** Requests for one page: a search for a rare status reads 500 tasks each time and may find none. */
const MAX_READS = 5;

/** Reads a page of tasks, and goes on for a while if the search found none yet. */
export async function readTasks(filter: TaskFilter, signal?: AbortSignal): Promise<TaskPage> {
  const read = (cursor?: string): Promise<TaskPage> =>
    call(taskOperations.listTasks, taskPageSchema, { query: { ...filter, cursor }, signal });
  let page = await read(filter.cursor);
  for (let reads = 1; page.tasks.length === 0 && page.next !== undefined && reads < MAX_READS; reads += 1)
    page = await read(page.next);
  return page;
}

/** A page of tasks, read again while one of them runs. */
export const useTasks = (filter: TaskFilter) =>
  useLive(['tasks', filter], (signal) => readTasks(filter, signal), {
    isBusy: ({ tasks }) => tasks.some((task) => !hasEnded(task)),
  });

export const useTask = (id: string) =>
  useLive(['task', id], (signal) => call(taskOperations.getTask, taskViewSchema, { params: { id }, signal }), {
    isBusy: (task) => !hasEnded(task),
  });

const stepsSchema = z.object({ steps: z.array(stepViewSchema) });

/**
 * @param isOpen whether the task has not ended, so that steps may follow
 * @param enabled whether there is such a task at all @default true
 */
export const useSteps = (id: string, isOpen: boolean, enabled = true) =>
  useLive(
    ['steps', id],
    async (signal): Promise<readonly StepView[]> =>
      (await call(taskOperations.getSteps, stepsSchema, { params: { id }, signal })).steps,
    { isBusy: () => isOpen, enabled },
  );

export const cancelTask = (id: string): Promise<TaskView> =>
  call(taskOperations.cancelTask, taskViewSchema, { params: { id } });

export const retryTask = (id: string): Promise<Accepted> =>
  call(taskOperations.retryTask, acceptedSchema, { params: { id } });

/** @param key the same key is the same task */
export const submitTask = ({ body, key }: { readonly body: unknown; readonly key: string }): Promise<Accepted> =>
  call(taskOperations.submitTask, acceptedSchema, { body, idempotencyKey: key });

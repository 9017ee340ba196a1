import { taskPageSchema, type TaskPage } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { ApiClient } from '../api/client.ts';

type ListedTask = TaskPage['tasks'][number];

/** The API's maximum page size. */
export const MAX_PAGE_SIZE = 100;

/** Lists all tasks that match, newest first, page by page. */
export async function everyTask(
  api: ApiClient,
  query: Readonly<Record<string, string | undefined>>,
): Promise<readonly ListedTask[]> {
  const tasks: ListedTask[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.call(taskOperations.listTasks, taskPageSchema, {
      query: { ...query, cursor, limit: MAX_PAGE_SIZE },
    });
    tasks.push(...page.tasks);
    cursor = page.next;
  } while (cursor !== undefined);
  return tasks;
}

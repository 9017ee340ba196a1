import { z } from 'zod';
import { logPageSchema, type LogPageView } from '#core/api/logs/messages.ts';
import { logOperations } from '#core/api/logs/operations.ts';
import { agentName } from '#core/api/tasks/messages.ts';
import type { ApiClient } from '../api/client.ts';
import { timeOption } from '../tasks/time-option.ts';
import { wholeOption } from '../whole-option.ts';

export type Line = LogPageView['lines'][number];

export const optionsSchema = z.object({
  agent: agentName.optional(),
  errors: z.boolean().default(false),
  since: timeOption.optional(),
  follow: z.boolean().default(false),
  limit: wholeOption(1, 10_000).default(200),
});

/** Which lines are read. */
export interface Wanted {
  readonly task: string | undefined;
  readonly agent: string | undefined;
  readonly errors: boolean;
  /** ISO time. @default an hour ago, or when the task was accepted */
  readonly since: string | undefined;
}

/** Lines per request. */
const PAGE_SIZE = 500;

/** Yields pages of lines, oldest first, until there are no more. */
export async function* pagesOf(api: ApiClient, wanted: Wanted, signal?: AbortSignal): AsyncGenerator<LogPageView> {
  const { task, agent, errors, since } = wanted;
  let cursor: string | undefined;
  do {
    const query = { errors: String(errors), since, limit: PAGE_SIZE, cursor };
    const page: LogPageView =
      task === undefined
        ? await api.call(logOperations.listLogs, logPageSchema, { query: { ...query, agent }, signal })
        : await api.call(logOperations.getTaskLogs, logPageSchema, { params: { id: task }, query, signal });
    yield page;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

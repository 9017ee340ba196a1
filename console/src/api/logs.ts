import { logPageSchema, type LogPageView } from '#core/api/logs/messages.ts';
import { logOperations } from '#core/api/logs/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export type LogLine = LogPageView['lines'][number];

/** A read searches the logs of several functions, so it is not repeated faster while the task runs. */
export const useTaskLogs = (id: string) =>
  useLive(['task-logs', id], (signal) =>
    call(logOperations.getTaskLogs, logPageSchema, { params: { id }, query: { limit: 500 }, signal }),
  );

export interface LogFilter {
  readonly agent?: string | undefined;
  readonly errors?: 'true' | undefined;
  readonly since?: string | undefined;
  readonly cursor?: string | undefined;
}

export const useLogs = (query: LogFilter) =>
  useLive(['logs', query], (signal) => call(logOperations.listLogs, logPageSchema, { query: { ...query }, signal }));

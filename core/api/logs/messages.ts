import { z } from 'zod';
import { agentName } from '../tasks/messages.ts';

const common = {
  errors: z.enum(['true', 'false']).default('false').describe('Whether to return only warnings, errors and crashes.'),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Maximum number of lines per page.'),
  cursor: z.string().max(512).optional().describe('The `nextCursor` of the previous page.'),
};
const since = z.iso.datetime({ offset: true }).optional();

export const taskLogsQuerySchema = z.strictObject({
  ...common,
  since: since.describe(
    'Only lines written at or after this time. Defaults to the time at which the task was accepted.',
  ),
});
export type TaskLogsQuery = z.infer<typeof taskLogsQuerySchema>;

export const logsQuerySchema = z.strictObject({
  agent: agentName.optional(),
  ...common,
  since: since.describe('Only lines written at or after this time. Defaults to one hour ago.'),
});
export type LogsQuery = z.infer<typeof logsQuerySchema>;

const time = z.iso.datetime();

export const logLineSchema = z.looseObject({
  id: z.string().describe('Identifies the line. The same each time that it is read.'),
  at: time.describe('When it was written.'),
  level: z.string(),
  message: z.string().describe('The event, such as `task.finished`.'),
  function: z.string().describe('The function that wrote it.'),
  tenant: z.string().optional(),
  agent: z.string().optional(),
  taskId: z.string().optional(),
  runId: z.string().optional(),
  fingerprint: z
    .string()
    .optional()
    .describe('The same for errors of the same cause. Only of warnings, errors and crashes.'),
});

export const logPageSchema = z.object({
  lines: z.array(logLineSchema).describe('Oldest first. A page may be empty although more lines follow.'),
  nextCursor: z
    .string()
    .optional()
    .describe('Pass it as `cursor` to get the next page. Absent when the end has been reached.'),
  asOf: time.describe('When the logs were read. Lines written in the last seconds may still be missing.'),
});
export type LogPageView = z.infer<typeof logPageSchema>;

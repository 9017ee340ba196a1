import { z } from 'zod';
import { operation } from '../http/operation.ts';
import { taskIdParam } from '../tasks/messages.ts';
import { logPageSchema, logsQuerySchema, taskLogsQuerySchema } from './messages.ts';

const ABOUT =
  'Lines contain events, ids, durations and errors. They never contain prompts, documents or outputs, and what errors quote is left out.';

/** What the fleet's functions logged. */
export const logOperations = {
  getTaskLogs: operation({
    method: 'GET',
    path: '/tasks/{id}/logs',
    scope: 'read',
    summary: 'Read the logs of a task',
    description: `Returns the lines that functions logged about a task, oldest first. ${ABOUT}`,
    params: z.strictObject({ id: taskIdParam }),
    query: taskLogsQuerySchema,
    answer: { status: 200, schema: logPageSchema, description: 'A page of lines.' },
    problems: ['not-found', 'too-many'],
  }),
  listLogs: operation({
    method: 'GET',
    path: '/logs',
    scope: 'read',
    summary: 'Read the logs of the fleet',
    description: `Returns the lines about your tasks and requests, oldest first. A key with the scope \`fleet\` reads the lines of all functions. ${ABOUT}`,
    query: logsQuerySchema,
    answer: { status: 200, schema: logPageSchema, description: 'A page of lines.' },
    problems: ['too-many'],
  }),
} as const;

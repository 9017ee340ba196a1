import { z } from 'zod';
import { operation } from '../http/operation.ts';
import { taskIdParam } from '../tasks/messages.ts';
import { traceViewSchema } from './messages.ts';

/** Where the time of a task went. */
export const traceOperations = {
  getTaskTrace: operation({
    method: 'GET',
    path: '/tasks/{id}/trace',
    scope: 'read',
    summary: 'Get the trace of a task',
    description:
      'Returns the spans of a task’s trace: the request that created it, its waits, the turns of its workers, model calls, tool calls and deliveries of its callback. Delegated tasks are in the trace of the task that delegated them. Traces are sampled; those of tasks that failed, were slow or dear are always kept from that turn on.',
    params: z.strictObject({ id: taskIdParam }),
    answer: { status: 200, schema: traceViewSchema, description: 'The spans that have arrived.' },
    problems: ['not-found', 'too-many'],
  }),
} as const;

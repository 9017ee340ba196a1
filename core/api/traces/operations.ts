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
      'Returns the spans of a task’s trace: the request that created it, its waits, the turns of its workers, model calls, tool calls and deliveries of its callback. Delegated tasks are in the trace of the task that delegated them. Traces are sampled. A turn that failed, was slow or dear is always kept, and so is every turn of a task after it has become dear or has used half of the time until its deadline.',
    params: z.strictObject({ id: taskIdParam }),
    answer: { status: 200, schema: traceViewSchema, description: 'The spans that have arrived.' },
    problems: ['not-found', 'too-many'],
  }),
} as const;

import { z } from 'zod';
import { operation } from '../http/operation.ts';
import { taskIdParam } from '../tasks/messages.ts';
import { whyViewSchema } from './messages.ts';

/** Why a task is where it is. */
export const whyOperations = {
  whyTask: operation({
    method: 'GET',
    path: '/tasks/{id}/why',
    scope: 'read',
    summary: 'Explain a task',
    description:
      'Returns why a task waits, until when, what frees it and how many tasks are before it; for a running task its current step; for an ended task the reason and the cost. With commands for what to do next.',
    params: z.strictObject({ id: taskIdParam }),
    answer: { status: 200, schema: whyViewSchema, description: 'The explanation.' },
    problems: ['not-found'],
  }),
} as const;

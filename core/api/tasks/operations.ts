import { z } from 'zod';
import { operation } from '../http/operation.ts';
import {
  acceptedSchema,
  batchAnswerSchema,
  batchSubmissionSchema,
  stepViewSchema,
  taskIdParam,
  taskListQuerySchema,
  taskPageSchema,
  taskSubmissionSchema,
  taskViewSchema,
  waitQuerySchema,
} from './messages.ts';

const byTask = z.object({ id: taskIdParam });

/** Tasks: handed in, looked at, cancelled. */
export const taskOperations = {
  submitTask: operation({
    method: 'POST',
    path: '/tasks',
    scope: 'submit',
    summary: 'Have a task done',
    description:
      'Accepted means kept: the task will end as succeeded, failed, cancelled or escalated. With an `Idempotency-Key` it can be sent again without harm: the answer is the same, and another body under that key is refused with 422.',
    body: taskSubmissionSchema,
    idempotent: true,
    answer: { status: 202, schema: acceptedSchema, description: 'The task is accepted.' },
    problems: ['cannot-accept', 'conflict'],
  }),
  submitBatch: operation({
    method: 'POST',
    path: '/tasks/batch',
    scope: 'submit',
    summary: 'Have up to 500 tasks done, with an answer for each',
    body: batchSubmissionSchema,
    answer: { status: 200, schema: batchAnswerSchema, description: 'What became of each item, in their order.' },
  }),
  listTasks: operation({
    method: 'GET',
    path: '/tasks',
    scope: 'read',
    summary: 'Tasks by agent, status, session, run and time, newest first',
    query: taskListQuerySchema,
    answer: { status: 200, schema: taskPageSchema, description: 'A page of tasks, without their outputs.' },
  }),
  getTask: operation({
    method: 'GET',
    path: '/tasks/{id}',
    scope: 'read',
    summary: 'A task, at once or when it has ended',
    description:
      'With `wait` the answer comes when the task has ended, after so many seconds at the latest. Where too many wait already it comes at once, with `Retry-After`.',
    params: byTask,
    query: waitQuerySchema,
    answer: { status: 200, schema: taskViewSchema, description: 'The task as it stands.' },
    problems: ['not-found'],
  }),
  getSteps: operation({
    method: 'GET',
    path: '/tasks/{id}/steps',
    scope: 'read',
    summary: 'The model calls and tool calls that finished',
    params: byTask,
    answer: { status: 200, schema: z.object({ steps: z.array(stepViewSchema) }), description: 'The steps, in order.' },
    problems: ['not-found'],
  }),
  cancelTask: operation({
    method: 'POST',
    path: '/tasks/{id}/cancel',
    scope: 'submit',
    summary: 'Cancel a task',
    description:
      'Takes effect within seconds: a running model call is broken off and charged at its reservation, a running tool call finishes. A task that has ended stays as it is.',
    params: byTask,
    answer: { status: 202, schema: taskViewSchema, description: 'The task as it stands.' },
    problems: ['not-found'],
  }),
} as const;

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
  tasksToWaitForSchema,
  taskViewSchema,
  waitedForSchema,
  waitQuerySchema,
} from './messages.ts';

const byTask = z.object({ id: taskIdParam });

/** Tasks. */
export const taskOperations = {
  submitTask: operation({
    method: 'POST',
    path: '/tasks',
    scope: 'submit',
    summary: 'Create a task',
    description:
      'Creates a task. An accepted task always ends: it succeeds, fails, is cancelled or is escalated. With an `Idempotency-Key` the request is safe to retry: you get the same response. A different body under the same key is rejected with 422.',
    body: taskSubmissionSchema,
    takesUploads: true,
    idempotent: true,
    answer: { status: 202, schema: acceptedSchema, description: 'The task was accepted.' },
    problems: ['cannot-accept', 'conflict'],
  }),
  submitBatch: operation({
    method: 'POST',
    path: '/tasks/batch',
    scope: 'submit',
    summary: 'Create a batch of tasks',
    description: 'Creates up to 500 tasks and returns one result per item. An invalid item does not affect the others.',
    body: batchSubmissionSchema,
    takesUploads: true,
    answer: { status: 200, schema: batchAnswerSchema, description: 'One result per item, in the same order.' },
  }),
  listTasks: operation({
    method: 'GET',
    path: '/tasks',
    scope: 'read',
    summary: 'List tasks',
    description:
      'Returns a page of tasks, newest first, without their outputs. Filter by agent, status, session, run, parent and time.',
    query: taskListQuerySchema,
    answer: { status: 200, schema: taskPageSchema, description: 'A page of tasks.' },
    // The parent.
    problems: ['not-found'],
  }),
  getTask: operation({
    method: 'GET',
    path: '/tasks/{id}',
    scope: 'read',
    summary: 'Get a task',
    description:
      'Returns a task. With `wait`, the request waits for the task to end, for at most that many seconds. If too many requests are waiting, it returns at once with a `Retry-After` header.',
    params: byTask,
    query: waitQuerySchema,
    answer: { status: 200, schema: taskViewSchema, description: 'The current state of the task.' },
    problems: ['not-found'],
  }),
  waitForTasks: operation({
    method: 'POST',
    path: '/tasks/wait',
    scope: 'read',
    summary: 'Wait for tasks',
    description:
      'Waits until all of up to 100 tasks have ended, for at most `wait` seconds, and returns those that have. Ask again with the ids in `pending`. If too many requests are waiting, it returns at once with a `Retry-After` header.',
    body: tasksToWaitForSchema,
    answer: {
      status: 200,
      schema: waitedForSchema,
      description: 'The tasks that have ended, and the ids of the rest.',
    },
  }),
  getSteps: operation({
    method: 'GET',
    path: '/tasks/{id}/steps',
    scope: 'read',
    summary: 'List the steps of a task',
    description: 'Returns the completed model calls and tool calls of a task, in order.',
    params: byTask,
    answer: { status: 200, schema: z.object({ steps: z.array(stepViewSchema) }), description: 'The steps.' },
    problems: ['not-found'],
  }),
  cancelTask: operation({
    method: 'POST',
    path: '/tasks/{id}/cancel',
    scope: 'submit',
    summary: 'Cancel a task',
    description:
      'Cancels a task, within seconds. A running model call is aborted and charged at its reservation; a running tool call finishes first. A task that has already ended does not change.',
    params: byTask,
    answer: { status: 202, schema: taskViewSchema, description: 'The current state of the task.' },
    problems: ['not-found'],
  }),
  retryTask: operation({
    method: 'POST',
    path: '/tasks/{id}/retry',
    scope: 'submit',
    summary: 'Retry a task',
    description:
      'Creates a new task from one that failed or was cancelled: the same input, session, metadata and callback, within the same budget (in a run with a limit, within what the task has left of it) and for as long, for the agent’s current version. The old task does not change. Retrying it again returns the same new task.',
    params: byTask,
    answer: { status: 202, schema: acceptedSchema, description: 'The new task was accepted.' },
    problems: ['not-found', 'conflict', 'cannot-accept'],
  }),
} as const;

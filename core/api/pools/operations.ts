import { z } from 'zod';
import {
  deadLetterQuerySchema,
  deadLetterPageSchema,
  pauseSubmissionSchema,
  poolListQuerySchema,
  poolViewSchema,
  redriveAnswerSchema,
  redriveSubmissionSchema,
} from './messages.ts';
import { agentName } from '../tasks/messages.ts';
import { operation } from '../http/operation.ts';

const byPool = z.object({ agent: agentName });

/** Pools, for their operators. */
export const poolOperations = {
  listPools: operation({
    method: 'GET',
    path: '/pools',
    scope: 'read',
    summary: 'List pools',
    description:
      'Returns the pools of the agents that your key may use, with their status and queue depths. With `tasks=true` also how many tasks run, are queued and wait, by cause.',
    query: poolListQuerySchema,
    answer: {
      status: 200,
      schema: z.object({ pools: z.array(poolViewSchema) }),
      description: 'The pools.',
    },
  }),
  pausePool: operation({
    method: 'POST',
    path: '/pools/{agent}/pause',
    scope: 'fleet',
    summary: 'Pause a pool',
    description:
      'Pauses a pool for every tenant. Running tasks continue to their end; no other task starts until you resume the pool. Deadlines still apply.',
    params: byPool,
    body: pauseSubmissionSchema,
    answer: { status: 200, schema: poolViewSchema, description: 'The pool.' },
    problems: ['not-found'],
  }),
  resumePool: operation({
    method: 'POST',
    path: '/pools/{agent}/resume',
    scope: 'fleet',
    summary: 'Resume a pool',
    description:
      'Resumes a pool for every tenant. New tasks run at once. Waiting tasks are released gradually, twice as many each minute.',
    params: byPool,
    answer: { status: 200, schema: poolViewSchema, description: 'The pool.' },
    problems: ['not-found'],
  }),
  listDeadLetters: operation({
    method: 'GET',
    path: '/pools/{agent}/dead-letters',
    scope: 'read',
    summary: 'List dead letters',
    description:
      'Returns a page of the tasks that failed because their workers kept crashing, newest first. A search ends after some seconds, and `next` continues it.',
    params: byPool,
    query: deadLetterQuerySchema,
    answer: {
      status: 200,
      schema: deadLetterPageSchema,
      description: 'The dead letters, each with its last error.',
    },
    problems: ['not-found'],
  }),
  redrive: operation({
    method: 'POST',
    path: '/pools/{agent}/redrive',
    scope: 'operate',
    summary: 'Redrive dead letters',
    description:
      'Creates a new task from each dead letter; the failed task does not change. Redriving a dead letter again returns the same new task.',
    params: byPool,
    body: redriveSubmissionSchema,
    answer: { status: 202, schema: redriveAnswerSchema, description: 'The created tasks.' },
    problems: ['not-found'],
  }),
} as const;

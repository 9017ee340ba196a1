import { z } from 'zod';
import {
  deadLetterQuerySchema,
  deadLetterSchema,
  pauseSubmissionSchema,
  poolViewSchema,
  redriveAnswerSchema,
  redriveSubmissionSchema,
} from './messages.ts';
import { agentName } from '../tasks/messages.ts';
import { operation } from '../http/operation.ts';

const byPool = z.object({ agent: agentName });

/** Pools, for those who operate them. */
export const poolOperations = {
  listPools: operation({
    method: 'GET',
    path: '/pools',
    scope: 'read',
    summary: 'How the pools are doing',
    answer: {
      status: 200,
      schema: z.object({ pools: z.array(poolViewSchema) }),
      description: 'The pools of your key.',
    },
  }),
  pausePool: operation({
    method: 'POST',
    path: '/pools/{agent}/pause',
    scope: 'operate',
    summary: 'Pause a pool',
    description: 'What runs goes on to its end; nothing else begins until it is resumed. Deadlines hold all the same.',
    params: byPool,
    body: pauseSubmissionSchema,
    answer: { status: 200, schema: poolViewSchema, description: 'The pool.' },
    problems: ['not-found'],
  }),
  resumePool: operation({
    method: 'POST',
    path: '/pools/{agent}/resume',
    scope: 'operate',
    summary: 'Let a pool work again',
    description: 'New tasks run at once; those that waited come back minute by minute, twice as many each time.',
    params: byPool,
    answer: { status: 200, schema: poolViewSchema, description: 'The pool.' },
    problems: ['not-found'],
  }),
  listDeadLetters: operation({
    method: 'GET',
    path: '/pools/{agent}/dead-letters',
    scope: 'read',
    summary: 'Tasks that were given up, newest first',
    params: byPool,
    query: deadLetterQuerySchema,
    answer: {
      status: 200,
      schema: z.object({ deadLetters: z.array(deadLetterSchema) }),
      description: 'Each with its last error.',
    },
    problems: ['not-found'],
  }),
  redrive: operation({
    method: 'POST',
    path: '/pools/{agent}/redrive',
    scope: 'operate',
    summary: 'Try dead letters anew',
    description: 'A task that ended stays ended: each becomes a new one. Asked again, it makes no other.',
    params: byPool,
    body: redriveSubmissionSchema,
    answer: { status: 202, schema: redriveAnswerSchema, description: 'What was made of them.' },
    problems: ['not-found'],
  }),
} as const;

import { z } from 'zod';
import {
  deadLetterQuerySchema,
  deadLetterPageSchema,
  fleetHoldSchema,
  pauseSubmissionSchema,
  poolListQuerySchema,
  poolListSchema,
  poolViewSchema,
  redriveAnswerSchema,
  redriveSubmissionSchema,
  resumeQuerySchema,
  tenantHoldSchema,
  tenantParam,
} from './messages.ts';
import { agentName } from '../tasks/messages.ts';
import { operation } from '../http/operation.ts';

const byPool = z.object({ agent: agentName });
const byTenant = z.object({ tenant: tenantParam });

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
      schema: poolListSchema,
      description: 'The pools, and what holds the fleet and tenants.',
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
      'Resumes a pool for every tenant. New tasks run at once. Waiting tasks are released gradually, twice as many each minute. With `steps`, no more tasks run at once than the present step allows.',
    params: byPool,
    query: resumeQuerySchema,
    answer: { status: 200, schema: poolViewSchema, description: 'The pool.' },
    problems: ['not-found'],
  }),
  pauseFleet: operation({
    method: 'POST',
    path: '/fleet/pause',
    scope: 'fleet',
    summary: 'Pause the fleet',
    description:
      'Pauses all pools for every tenant, also pools that are deployed later. Running tasks continue to their end. Pools that were paused before stay paused after the fleet is resumed.',
    body: pauseSubmissionSchema,
    answer: { status: 200, schema: fleetHoldSchema, description: 'What holds the fleet.' },
  }),
  resumeFleet: operation({
    method: 'POST',
    path: '/fleet/resume',
    scope: 'fleet',
    summary: 'Resume the fleet',
    description: 'Resumes the fleet. With `steps`, each pool runs no more tasks at once than the present step allows.',
    query: resumeQuerySchema,
    answer: { status: 200, schema: fleetHoldSchema, description: 'What holds the fleet.' },
  }),
  pauseTenant: operation({
    method: 'POST',
    path: '/tenants/{tenant}/pause',
    scope: 'fleet',
    summary: 'Pause a tenant',
    description:
      'Pauses the tasks of a tenant in all pools. Running tasks continue to their end; tasks are still accepted.',
    params: byTenant,
    body: pauseSubmissionSchema,
    answer: { status: 200, schema: tenantHoldSchema, description: 'What holds the tenant.' },
  }),
  resumeTenant: operation({
    method: 'POST',
    path: '/tenants/{tenant}/resume',
    scope: 'fleet',
    summary: 'Resume a tenant',
    description:
      'Resumes the tasks of a tenant. With `steps`, no more of them run at once than the present step allows of its limit, or of all workers if it has none.',
    params: byTenant,
    query: resumeQuerySchema,
    answer: { status: 200, schema: tenantHoldSchema, description: 'What holds the tenant.' },
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

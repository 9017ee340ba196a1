import { z } from 'zod';
import { pageQuery } from '../http/page.ts';
import { runAcceptedSchema, runIdParam, runPageSchema, runSubmissionSchema, runViewSchema } from './messages.ts';
import { operation } from '../http/operation.ts';

const byRun = z.object({ id: runIdParam });

/** Many tasks as one. */
export const runOperations = {
  submitRun: operation({
    method: 'POST',
    path: '/runs',
    scope: 'submit',
    summary: 'Have up to 500 tasks done as one run',
    description: 'Handed in again under the same `Idempotency-Key`, it goes on where it broke off.',
    body: runSubmissionSchema,
    idempotent: true,
    answer: { status: 202, schema: runAcceptedSchema, description: 'The run, and what became of each task.' },
    problems: ['cannot-accept'],
  }),
  listRuns: operation({
    method: 'GET',
    path: '/runs',
    scope: 'read',
    summary: 'Runs, newest first',
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: runPageSchema, description: 'A page of runs.' },
  }),
  getRun: operation({
    method: 'GET',
    path: '/runs/{id}',
    scope: 'read',
    summary: 'How far a run is, and what it cost',
    params: byRun,
    answer: { status: 200, schema: runViewSchema, description: 'The run.' },
    problems: ['not-found'],
  }),
  cancelRun: operation({
    method: 'POST',
    path: '/runs/{id}/cancel',
    scope: 'submit',
    summary: 'Cancel every task of a run that has not ended',
    params: byRun,
    answer: { status: 202, schema: runViewSchema, description: 'The run as it stands.' },
    problems: ['not-found'],
  }),
} as const;

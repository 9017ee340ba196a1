import { z } from 'zod';
import { pageQuery } from '../http/page.ts';
import {
  reportViewSchema,
  runAcceptedSchema,
  runIdParam,
  runPageSchema,
  runSubmissionSchema,
  runViewSchema,
} from './messages.ts';
import { operation } from '../http/operation.ts';

const byRun = z.object({ id: runIdParam });

/** Runs: many tasks submitted as one. */
export const runOperations = {
  submitRun: operation({
    method: 'POST',
    path: '/runs',
    scope: 'submit',
    summary: 'Create a run',
    description:
      'Creates a run of up to 500 tasks, or of a pipeline over many items. An invalid task is rejected without affecting the others. A retry with the same `Idempotency-Key` continues where the previous request stopped.',
    body: runSubmissionSchema,
    takesUploads: true,
    idempotent: true,
    answer: { status: 202, schema: runAcceptedSchema, description: 'The run, with one result per task.' },
    problems: ['cannot-accept'],
  }),
  listRuns: operation({
    method: 'GET',
    path: '/runs',
    scope: 'read',
    summary: 'List runs',
    description:
      'Returns a page of runs, newest first. With a key of some agents, a page may hold few runs, or none, and still have a `next` cursor.',
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: runPageSchema, description: 'A page of runs.' },
  }),
  getRun: operation({
    method: 'GET',
    path: '/runs/{id}',
    scope: 'read',
    summary: 'Get a run',
    description: 'Returns a run with its progress and cost.',
    params: byRun,
    answer: { status: 200, schema: runViewSchema, description: 'The run.' },
    problems: ['not-found'],
  }),
  getRunReport: operation({
    method: 'GET',
    path: '/runs/{id}/report',
    scope: 'read',
    summary: 'Get the report of a run',
    description:
      'Returns the files of the report that a run of a workflow wrote, each with a link that downloads it for 15 minutes.',
    params: byRun,
    answer: { status: 200, schema: reportViewSchema, description: 'The files.' },
    problems: ['not-found'],
  }),
  cancelRun: operation({
    method: 'POST',
    path: '/runs/{id}/cancel',
    scope: 'submit',
    summary: 'Cancel a run',
    description: 'Cancels every task of the run that has not ended.',
    params: byRun,
    answer: { status: 202, schema: runViewSchema, description: 'The current state of the run.' },
    problems: ['not-found'],
  }),
} as const;

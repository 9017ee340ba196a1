import { z } from 'zod';
import { operation } from '../http/operation.ts';
import { pageQuery } from '../http/page.ts';
import {
  bulkAnswerSchema,
  bulkDetailSchema,
  bulkIdParam,
  bulkListSchema,
  bulkQuerySchema,
  bulkSubmissionSchema,
  bulkViewSchema,
} from './messages.ts';

const byAction = z.object({ id: bulkIdParam });

/** Bulk actions: cancel, retry or redrive many tasks. */
export const bulkOperations = {
  submitBulkAction: operation({
    method: 'POST',
    path: '/bulk-actions',
    scope: 'submit',
    summary: 'Cancel, retry or redrive many tasks',
    description:
      'Cancels, retries or redrives the tasks that match a filter now. With `dryRun` it only counts them and their cost. An accepted action continues until each task has an outcome, whatever happens to the client, and acts on each task once.',
    body: bulkSubmissionSchema,
    idempotent: true,
    answer: { status: 200, schema: bulkAnswerSchema, description: 'What matches, and the id of the accepted action.' },
    problems: ['cannot-accept'],
  }),
  listBulkActions: operation({
    method: 'GET',
    path: '/bulk-actions',
    scope: 'read',
    summary: 'List bulk actions',
    description: 'Returns a page of bulk actions, newest first.',
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: bulkListSchema, description: 'A page of bulk actions.' },
  }),
  getBulkAction: operation({
    method: 'GET',
    path: '/bulk-actions/{id}',
    scope: 'read',
    summary: 'Get a bulk action',
    description: 'Returns the progress of a bulk action, and a page of its tasks with their outcomes.',
    params: byAction,
    query: bulkQuerySchema,
    answer: { status: 200, schema: bulkDetailSchema, description: 'The bulk action.' },
    problems: ['not-found'],
  }),
  cancelBulkAction: operation({
    method: 'POST',
    path: '/bulk-actions/{id}/cancel',
    scope: 'submit',
    summary: 'Stop a bulk action',
    description: 'Stops a bulk action within seconds. What it has done stays done. One that has ended does not change.',
    params: byAction,
    answer: { status: 202, schema: bulkViewSchema, description: 'The current state of the bulk action.' },
    problems: ['not-found'],
  }),
} as const;

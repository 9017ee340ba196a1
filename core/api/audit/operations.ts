import { z } from 'zod';
import { operation } from '../http/operation.ts';
import { taskIdParam } from '../tasks/messages.ts';
import { auditViewSchema } from './messages.ts';

/** What the audit trail has of a task. */
export const auditOperations = {
  getTaskAudit: operation({
    method: 'GET',
    path: '/tasks/{id}/audit',
    scope: 'read',
    summary: 'Get the audit entries of a task',
    description:
      'Returns the entries that the audit trail has of the task’s tool calls, verified against each other and against the task. Inputs and results are not in the trail, only their digests. Whoever must not trust the API verifies the trail itself with `npm run fleet -- audit verify`.',
    params: z.strictObject({ id: taskIdParam }),
    answer: { status: 200, schema: auditViewSchema, description: 'The entries, and whether they are whole.' },
    problems: ['not-found', 'cannot-accept'],
  }),
} as const;

import { z } from 'zod';
import { operation } from '#core/api/http/operation.ts';
import { rejectedViewSchema } from './view.ts';

/** Records of one answer. */
const MAX_RECORDS = 1_000;

export const rejectedQuerySchema = z.strictObject({
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Records that arrived since then, at most 30 days ago. Default: 24 hours ago.'),
  limit: z.coerce.number().int().min(1).max(MAX_RECORDS).default(100).describe('Number of records, the newest first.'),
  details: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether to say what is wrong with each, which may quote the record: words of whoever sent it.'),
});

/** What the router set aside, for keys of the tenant that the market monitor works for. */
export const setAsideOperations = {
  listRejected: operation({
    method: 'GET',
    path: '/market/rejected',
    scope: 'read',
    summary: 'List rejected records',
    description:
      'Returns records of the stream that the router set aside, with reason, time and position. Their text stays in the bucket `RejectedBucket`.',
    query: rejectedQuerySchema,
    answer: {
      status: 200,
      schema: z.object({
        records: z.array(rejectedViewSchema),
        reasons: z.record(z.string(), z.number().int()).describe('How many of these records each reason has.'),
        isComplete: z.boolean().describe('False: there are more since then. Raise `limit`, or give a later `since`.'),
      }),
      description: 'The records, the newest first.',
    },
  }),
} as const;

import { operation } from '../http/operation.ts';
import { usageAnswerSchema, usageQuerySchema } from './messages.ts';

/** What a tenant has used and what it cost. */
export const usageOperations = {
  getUsage: operation({
    method: 'GET',
    path: '/usage',
    scope: 'read',
    summary: 'Get usage and cost',
    description: 'Returns your usage and its cost: one row per agent and day, and the total.',
    query: usageQuerySchema,
    answer: { status: 200, schema: usageAnswerSchema, description: 'The usage.' },
  }),
} as const;

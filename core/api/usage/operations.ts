import { operation } from '../http/operation.ts';
import { usageAnswerSchema, usageQuerySchema } from './messages.ts';

export const usageOperations = {
  getUsage: operation({
    method: 'GET',
    path: '/usage',
    scope: 'read',
    summary: 'What was used and what it cost, by agent and day',
    query: usageQuerySchema,
    answer: { status: 200, schema: usageAnswerSchema, description: 'A row an agent and day, and the sum of all.' },
  }),
} as const;

import { z } from 'zod';
import { usageSchema } from '../../models/price.ts';
import { agentName } from '../tasks/messages.ts';

export const usageQuerySchema = z.strictObject({
  agent: agentName.optional(),
  from: z.iso.date().optional().describe('First day, in UTC. Defaults to `to`.'),
  to: z.iso.date().optional().describe('Last day, in UTC, at most 92 days after `from`. Defaults to today.'),
});
export type UsageQueryMessage = z.infer<typeof usageQuerySchema>;

const ofCalls = {
  calls: z.number().int(),
  usage: usageSchema,
  usd: z.number(),
  savedUsd: z
    .number()
    .describe('US dollars saved by prompt caching. Negative if cache writes cost more than they saved.'),
  lostUsd: z.number().describe('US dollars reserved for interrupted calls that may have been billed.'),
};
const used = {
  ...ofCalls,
  ended: z
    .record(z.enum(['succeeded', 'failed', 'cancelled', 'escalated']), z.number().int())
    .describe('Number of tasks that ended, by status.'),
};

const byModel = z
  .record(z.string(), z.object(ofCalls))
  .describe('The same figures by model. An agent may use a second, stronger model.');

export const usageAnswerSchema = z.object({
  tenant: z.string(),
  rows: z.array(z.object({ day: z.iso.date(), agent: z.string(), ...used, models: byModel })),
  sum: z.object(used),
});
export type UsageAnswer = z.infer<typeof usageAnswerSchema>;

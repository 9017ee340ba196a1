import { z } from 'zod';
import { usageSchema } from '../../models/price.ts';
import { agentName } from '../tasks/messages.ts';

export const usageQuerySchema = z.strictObject({
  agent: agentName.optional(),
  from: z.iso.date().optional().describe('First UTC day; today without.'),
  to: z.iso.date().optional().describe('Last UTC day, at most 92 days after the first; today without.'),
});
export type UsageQueryMessage = z.infer<typeof usageQuerySchema>;

const ofCalls = {
  calls: z.number().int(),
  usage: usageSchema,
  usd: z.number(),
  savedUsd: z.number().describe('What prompt caching saved.'),
  lostUsd: z.number().describe('Held back for calls that broke off and may have been billed.'),
};
const used = {
  ...ofCalls,
  ended: z
    .record(z.enum(['succeeded', 'failed', 'cancelled', 'escalated']), z.number().int())
    .describe('Tasks that ended.'),
};

const byModel = z
  .record(z.string(), z.object(ofCalls))
  .describe('The same by model: an agent may rise to a second one.');

export const usageAnswerSchema = z.object({
  tenant: z.string(),
  rows: z.array(z.object({ day: z.iso.date(), agent: z.string(), ...used, models: byModel })),
  sum: z.object(used),
});
export type UsageAnswer = z.infer<typeof usageAnswerSchema>;

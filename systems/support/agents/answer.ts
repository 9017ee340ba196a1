import { z } from 'zod';

export const CATEGORIES = [
  'order-status',
  'shipment',
  'refund',
  'return',
  'change-order',
  'payment',
  'account',
  'product',
  'other',
] as const;

/** Why a message goes to a person. */
export const REASONS = [
  'legal',
  'safety',
  'fraud',
  'privacy',
  'human',
  'complaint',
  'refund-limit',
  'vip',
  'press',
  'distress',
  'manipulation',
  'language',
  'unknown-customer',
  'low-confidence',
  'other',
] as const;
export type Reason = (typeof REASONS)[number];

/** The agent's answer: to the customer, or to the person who takes over. */
export const answerSchema = z.object({
  outcome: z.enum(['resolved', 'escalate']),
  reply: z.string().describe('What the customer reads now, in two to four sentences'),
  reason: z.enum(REASONS).nullable().describe('Only for escalate: why a person must answer'),
  summary: z.string().nullable().describe('Only for escalate: what the person must know, in two or three sentences'),
  category: z.enum(CATEGORIES),
  confidence: z
    .number()
    .refine((confidence) => confidence >= 0 && confidence <= 1, 'must lie between 0 and 1')
    .describe('0 to 1: how sure you are that the reply settles the matter'),
});
export type Answer = z.infer<typeof answerSchema>;

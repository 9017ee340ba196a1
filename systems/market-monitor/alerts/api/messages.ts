import { z } from 'zod';

export const MAX_SILENCE_SECONDS = 30 * 86_400;
export const MAX_WHY = 500;

const subject = z
  .string()
  .regex(/^[a-z]+:[^\s/#]{1,200}$/, 'must be a subject such as cik:0000320193')
  .describe('What alerts are about, such as cik:0000320193. Absent: every subject.');
const cause = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be a cause such as price-move')
  .describe('Cause of alerts, such as price-move. Absent: every cause.');
const upTo = z
  .enum(['warning', 'urgent'])
  .describe('The loudest severity that is held back. What becomes louder reaches people.');
const why = z.string().trim().min(1).max(MAX_WHY).describe('Why, for others.');

export const silenceViewSchema = z.object({
  id: z.string(),
  portfolio: z.string(),
  subject: subject.nullable(),
  cause: cause.nullable(),
  upTo,
  inEffect: z.boolean().describe('Whether it holds alerts back now.'),
  until: z.iso.datetime().describe('When it is over. Of one that was ended: then.'),
  by: z.string().describe('Who made it: `key` and the id of a key, or the name of a person.'),
  why: z.string(),
  madeAt: z.iso.datetime().nullable(),
  endedBy: z.string().nullable().describe('Who ended it before its time.'),
});

export const silencesQuerySchema = z.strictObject({
  all: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether to list also those that were over in the last 60 days.'),
});

export const silenceBodySchema = z
  .strictObject({
    subject: subject.optional(),
    cause: cause.optional(),
    upTo: upTo.default('urgent'),
    seconds: z.number().int().min(60).max(MAX_SILENCE_SECONDS).describe('How long it is in effect, at most 30 days.'),
    why,
  })
  .refine((body) => body.subject !== undefined || body.cause !== undefined, {
    path: ['subject'],
    error: 'is missing, and so is cause: a silence names one of them or both',
  });

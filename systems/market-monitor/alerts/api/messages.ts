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

const instant = z.iso.datetime();
const severity = z.enum(['urgent', 'warning', 'info']);

/** An alert as API and commands show it. */
export const alertViewSchema = z.object({
  id: z.string().describe('Portfolio, subject and cause, such as core/cik:0000320193/price-move.'),
  portfolio: z.string(),
  subject: z.string(),
  ticker: z.string(),
  cause: z.string(),
  severity,
  state: z.enum(['open', 'resolved']),
  episode: z.number().int().describe('From 1: an alert that was resolved opens again as its next episode.'),
  openedAt: instant,
  lastMatchAt: instant,
  title: z.string(),
  rule: z.string(),
  matches: z.number().int(),
  atStakeUsd: z.number(),
  titleUsd: z.number().describe('Of `atStakeUsd`, what the match that `title` is about has.'),
  acknowledgedBy: z.string().nullable(),
  heldBy: z.string().nullable().describe('Why people were not notified: quiet-hours, silence or inhibited.'),
  notifications: z.array(z.object({ id: z.string(), why: z.string(), severity, at: instant, queued: z.boolean() })),
  analyses: z
    .array(z.object({ task: z.string(), agent: z.string(), summary: z.string().nullable() }))
    .describe('Words of a model, not of a person.'),
  events: z.array(z.object({ source: z.string(), id: z.string(), time: z.string() })),
});

export const alertsQuerySchema = z.strictObject({
  all: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether to list also those that were resolved in the last 60 days.'),
});

export const acknowledgeBodySchema = z.strictObject({
  alert: z.string().min(1).max(400).describe('The id of the alert, such as core/cik:0000320193/price-move.'),
});

import { z } from 'zod';

/** Increases only when readers of the JSON must change. */
export const DIGEST_VERSION = 1;

/** A digest is made once. Its key and its mails have the number. */
export const REVISION = 1;

const count = z.number().int().nonnegative();
const severity = z.enum(['urgent', 'warning', 'info']);
const event = z.object({
  ref: z.string().optional().describe('How messages name it. Digests of before December 2026 have none.'),
  source: z.string(),
  id: z.string(),
  time: z.string(),
});
const money = z
  .number()
  .describe(
    'US dollars at stake: the gain or loss of the position since the previous close, or its value if there is none.',
  );

const item = z.object({
  finding: z.string().describe('Id of the match.'),
  time: z.string().describe('Time of the event, ISO 8601.'),
  cause: z.string(),
  severity,
  title: z.string().describe('One sentence by code, with the figures.'),
  rule: z.string(),
  rulesVersion: z.number(),
  values: z.record(z.string(), z.number()).describe('The figures that the rule used.'),
  atStakeUsd: money,
  event: event.describe('The event that each figure comes from.'),
  outOfOrder: z.boolean().describe('The event came after newer ones of its subject.'),
});

const analysis = z.object({
  agent: z.string(),
  task: z.string(),
  summary: z.string().describe('Words of a model, not of a person.'),
  events: z.array(event),
});

const row = z.object({
  subject: z.string(),
  ticker: z.string(),
  severity,
  atStakeUsd: money,
  matches: count,
  items: z.array(item).describe('The loudest first, then by money.'),
  analyses: z.array(analysis),
});

/**
 * The JSON of a digest. Lists are in order of money at stake, and as long as 300 KB allow: what has the least at stake is
 * left out, and counted in `covers`.
 */
export const digestSchema = z.object({
  schemaVersion: z.literal(DIGEST_VERSION),
  id: z.string().describe('Portfolio and period, such as growth/2026-11-27T14.'),
  revision: count.describe('Always 1. What comes after the digest was made stands in the next one, as late.'),
  portfolio: z.object({ id: z.string(), name: z.string(), zone: z.string() }),
  period: z.object({
    kind: z.enum(['hour', 'session']),
    id: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
  }),
  headline: z.string(),
  happened: z.array(row),
  late: z
    .array(item.extend({ ticker: z.string(), subject: z.string(), belongsTo: z.string(), lateBySeconds: count }))
    .describe('Events of earlier hours that came after the digest of their hour.'),
  done: z
    .array(
      z.object({
        alert: z.string(),
        notification: z.string(),
        ticker: z.string(),
        why: z.string(),
        at: z.iso.datetime(),
        severity,
        title: z.string(),
        atStakeUsd: money,
        event,
      }),
    )
    .describe('Notifications that went out about events of the period.'),
  open: z
    .array(
      z.object({
        alert: z.string(),
        ticker: z.string(),
        cause: z.string(),
        severity,
        title: z.string(),
        since: z.iso.datetime().describe('The time of its first event.'),
        matches: count,
        atStakeUsd: money,
        titleUsd: z.number().optional().describe('Of `atStakeUsd`, what the match that `title` is about has.'),
        acknowledgedBy: z.string().nullable(),
        heldBy: z.string().nullable().describe('Why people were not notified: quiet-hours, silence or inhibited.'),
        events: z.array(event),
      }),
    )
    .describe('Alerts that are open.'),
  held: z
    .array(
      z.object({
        alert: z.string(),
        ticker: z.string(),
        cause: z.string(),
        severity,
        title: z.string(),
        atStakeUsd: money,
        why: z.string().describe('quiet-hours, silence or inhibited.'),
        since: z.iso.datetime().describe('The time of its first event.'),
        endedAt: z.iso.datetime().nullable().describe('When it ended before anybody was notified. Null: it is open.'),
        event,
      }),
    )
    .default([])
    .describe('Alerts that people were not notified of, or not of their loudest step, and why.'),
  covers: z.object({
    events: count.nullable().describe('Events of the period that the router handled. Null: not counted.'),
    rejected: count.nullable().describe('Records that could not be read.'),
    outOfOrder: count.nullable().describe('Events that came after newer ones of their subject.'),
    matches: count,
    urgent: count,
    analyses: count,
    expired: count.describe(
      'Analyses that were superseded, failed or outlived their freshness, also those of earlier hours that did so since.',
    ),
    waiting: count.default(0).describe('Analyses that were asked for and had not come when the digest was made.'),
    late: count,
    silentSources: z.array(z.string()),
    leftOut: count.describe('Instruments that are not in `happened`, since it is full.'),
    lateLeftOut: count.default(0).describe('The same of `late`.'),
    doneLeftOut: count.default(0).describe('The same of `done`.'),
    openLeftOut: count.default(0).describe('The same of `open`.'),
    heldLeftOut: count.default(0).describe('The same of `held`.'),
  }),
  whole: z
    .string()
    .nullable()
    .default(null)
    .describe('Key of the whole digest in the bucket of the system, if something is left out here.'),
  note: z.literal('Not investment advice.'),
});
export type Digest = z.infer<typeof digestSchema>;
export type DigestItem = z.infer<typeof item>;
export type DigestRow = z.infer<typeof row>;

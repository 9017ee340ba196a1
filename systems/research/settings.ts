import { z } from 'zod';
import { webSettings } from '#adapters/web/settings.ts';
import { minutesOf } from '#core/parse/local-time.ts';
import { MAX_NEWS_SITES, newsAddressSchema } from './night/item.ts';
import { mailSettings } from './mail/settings.ts';

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 07:00');

const scheduleSettings = z
  .strictObject({
    /** IANA time zone, such as `Europe/Berlin`. */
    zone: z.string().min(1),
    /** Local time at which a night starts. */
    at: time,
    /** Local time by which the brief is there. The run ends 20 minutes earlier. */
    by: time,
    /** Local time at which a night that did not start is started after all. */
    watchdog: time,
    /** The key of the list of companies in the bucket of snapshots, below `uploads/`: items as JSON lines. */
    items: z.string().startsWith('uploads/', 'must begin with uploads/'),
    /** Most US dollars of a night. Nobody looks on, so it has no default. */
    maxUsd: z.number('must be the most US dollars that a night may cost').positive(),
  })
  .refine(({ at, by }) => (minutesOf(by) - minutesOf(at) + 1_440) % 1_440 >= 60, {
    path: ['by'],
    message: 'must be at least 60 minutes after `at`',
  });

const listSettings = z.strictObject({
  /** Most US dollars of a run. Whoever may write to the bucket starts runs, so it has no default. */
  maxUsd: z.number('must be the most US dollars that a run may cost').positive(),
});

/** Settings of the research system, from `systems.research` in `config/*.json`. */
export const researchSettings = z
  .strictObject({
    /** Companies that each stage works on at once. */
    agents: z.int().min(2).max(1_000).default(50),
    /** Whom the owners of sites may ask: an https address, or a name and an e-mail address. Without it only a simulated web is fetched. */
    contact: webSettings.WEB_CONTACT.optional(),
    /** When a night starts by itself. @default never */
    schedule: scheduleSettings.optional(),
    /** Starts a run for each CSV file that is put below `lists/` in the bucket of snapshots. @default none starts */
    lists: listSettings.optional(),
    /** News sites or feeds that the nights of the schedule read, with `{name}` and `{ticker}`. @default none */
    news: z.array(newsAddressSchema).max(MAX_NEWS_SITES).default([]),
    /** Whether companies of which the free sources tell nothing new are searched for, for a fee. @default false */
    search: z.boolean().default(false),
    /** Who gets the brief. @default nobody: it lies in the bucket */
    mail: mailSettings.optional(),
  })
  .refine(({ contact, schedule, lists }) => (schedule ?? lists) === undefined || contact !== undefined, {
    path: ['contact'],
    message:
      'is required with a schedule and with lists, since scouts fetch the real web: an https address, or a name and an e-mail address',
  });

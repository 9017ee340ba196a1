import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import type { Match } from '../events/match.ts';
import { loudness } from './loudness.ts';

/** Why people are notified. */
export const REASONS = ['first', 'escalated', 'repeated', 'analysis', 'acknowledged', 'resolved'] as const;
export type Reason = (typeof REASONS)[number];

const severitySchema = z.enum(['urgent', 'warning', 'info']);
const eventSchema = stored({ source: z.string(), id: z.string(), type: z.string(), time: z.string() });

/** One message to people about an alert. It has all that is sent, so each attempt sends the same bytes. */
export const notificationSchema = stored({
  /** Stable: the `webhook-id`, to deduplicate by. Letters, digits, dashes, underscores and slashes. */
  id: z.string(),
  why: z.enum(REASONS),
  severity: severitySchema,
  step: z.number(),
  at: z.number(),
  /** Number of the notification that paged people (`first`, `escalated`): this one, or the one that it follows. */
  page: z.number().optional(),
  /** Whether the queue of deliveries has it for each recipient. */
  queued: z.boolean(),
  title: z.string(),
  /** What an agent found, why it is resolved, who acknowledged it. Text of others: data, never markup. */
  text: z.string().optional(),
  /** By the match whose words `title` has. */
  atStakeUsd: z.number(),
  /** Matches of the episode when it was made. */
  matches: z.number(),
  rule: z.string(),
  event: eventSchema,
});
export type Notification = z.infer<typeof notificationSchema>;

/**
 * An alert: everything that is known of one portfolio, subject and cause. An alert that was resolved opens again as its next
 * episode. One conditional write of this item decides who notifies (A1), and what must be sent stands in it first (A2).
 */
export const alertSchema = storedRecord({
  version: z.number().int().positive(),
  /** `<portfolio>/<subject>/<cause>`. */
  id: z.string(),
  portfolio: z.string(),
  subject: z.string(),
  cause: z.string(),
  ticker: z.string(),
  state: z.enum(['open', 'resolved']),
  /** From 1. */
  episode: z.number().int().positive(),
  openedAt: z.number(),
  /** The time of its first event: of a day that is played, by the clock of that day. */
  beganAt: z.number().optional(),
  lastMatchAt: z.number(),
  /** Of the episode: the loudest match. */
  severity: severitySchema,
  step: z.number(),
  title: z.string(),
  rule: z.string(),
  /** Of the episode: the most money at stake, in US dollars. */
  atStakeUsd: z.number(),
  /** Money at stake by the match whose words `title` has. An earlier release did not write it. */
  titleUsd: z.number().optional(),
  /** Of the episode. */
  matches: z.number().int(),
  /** Ids of the last matches, over all episodes: the same match changes nothing. */
  recent: z.array(z.string()),
  /** The last events of the episode. */
  events: z.array(eventSchema),
  /** The loudest step that people were notified of in this episode. Absent: of none. */
  told: stored({
    severity: severitySchema,
    step: z.number(),
    at: z.number(),
    /** Of the step, and so is the rule. An earlier release wrote neither. */
    title: z.string().optional(),
    rule: z.string().optional(),
    titleUsd: z.number().optional(),
  }).optional(),
  /** Why people were not notified of the loudest step. */
  held: stored({
    why: z.enum(['quiet-hours', 'silence', 'inhibited']),
    at: z.number(),
    /** Of `inhibited`: the alert of the whole market. */
    by: z.string().optional(),
    /** When it is decided again: of `silence` when it ends or within minutes, of `quiet-hours` when they end or within an hour, of `inhibited` soon. An earlier release wrote none of `quiet-hours`. */
    until: z.number().optional(),
  }).optional(),
  acknowledged: stored({ by: z.string(), at: z.number() }).optional(),
  /** The last analyses of agents, of this episode. */
  analyses: z.array(stored({ task: z.string(), agent: z.string(), at: z.number(), summary: z.string().nullable() })),
  resolved: stored({
    why: z.enum(['ended', 'idle']),
    at: z.number(),
    eventTime: z.number().optional(),
    /** What kept people from being notified of the loudest step until the end. */
    unsent: z.string().optional(),
  }).optional(),
  /** Milliseconds after which an urgent alert that nobody acknowledged is repeated. 0: never. */
  repeatAfterMs: z.number(),
  /** Number of the notification that paged people last in this episode. */
  page: z.number().optional(),
  /** Notifications of all episodes so far. */
  notified: z.number().int(),
  /** The last of them. Those that are not queued yet are never dropped. */
  notifications: z.array(notificationSchema),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertId = ({ portfolio, subject, cause }: Pick<Match, 'portfolio' | 'subject' | 'cause'>): string =>
  `${portfolio}/${subject}/${cause}`;

/** The parts of an alert's id, or null if it is none. */
export function partsOf(id: string): { portfolio: string; subject: string; cause: string } | null {
  const [portfolio, subject, cause, ...rest] = id.split('/');
  if (!portfolio || !subject || !cause || rest.length > 0) return null;
  return { portfolio, subject, cause };
}

/** An alert of a whole market: its subject is an exchange on which trading is halted. While it is open, it inhibits others. */
export const isMarketWide = ({ subject, cause }: Pick<Match, 'subject' | 'cause'>): boolean =>
  subject.startsWith('market:') && MARKET_CAUSES.has(cause);

const MARKET_CAUSES = new Set(['circuit-breaker', 'market-halt', 'halt']);

/**
 * An alert of one instrument's price, which that of a whole market inhibits: what happens to all is no news of each. A filing
 * or a halt of its own is.
 */
export const isInhibited = ({ subject, cause }: Pick<Match, 'subject' | 'cause'>): boolean =>
  subject.startsWith('cik:') && PRICE_CAUSES.has(cause);

const PRICE_CAUSES = new Set(['price-move', 'position-loss']);

/** Whether an event happened while a market was halted, also if it is heard of after trading resumed. */
export function isWithin({ state, events, resolved }: Alert, time: number): boolean {
  if (state === 'open') return true;
  const [first] = events;
  if (first === undefined || resolved?.eventTime === undefined) return false;
  return Date.parse(first.time) <= time && time < resolved.eventTime;
}

/**
 * Notifications of an alert that are kept: so many that page people, so many others, and all that are not queued yet. Apart,
 * so that a recipient that was down for hours still gets the page, however many analyses came since.
 */
const KEPT_NOTIFICATIONS = 20;

const isPage = (why: Reason): boolean => why === 'first' || why === 'escalated';

/** The id of a notification is that of its alert, the episode and a number. */
export const episodeOf = ({ id }: Pick<Notification, 'id'>): number => Number(id.split('/').at(-2));

/**
 * Adds a notification to the outbox of an alert (A2). The number of notifications makes its id, so it is made once. One that
 * pages people is about the loudest step, any other about the step that they know: what is held back stays so (A4).
 */
export function notify(alert: Alert, why: Reason, at: number, text?: string): Alert {
  const event = alert.events.at(-1);
  if (event === undefined) throw new Error(`The alert ${alert.id} has no event.`);
  const notified = alert.notified + 1;
  const { matches } = alert;
  const page = isPage(why) ? notified : alert.page;
  const step = isPage(why) ? alert : (alert.told ?? alert);
  const { title = alert.title, rule = alert.rule, titleUsd = statedUsd(alert) } = step;
  const id = `${webhookSafe(alert.id)}/${alert.episode}/${notified}`;
  const notification: Notification = {
    id,
    why,
    severity: step.severity,
    step: step.step,
    at,
    queued: false,
    title,
    atStakeUsd: titleUsd,
    matches,
    rule,
    event,
    ...(page !== undefined && { page }),
    ...(text !== undefined && { text }),
  };
  return {
    ...alert,
    ...(page !== undefined && { page }),
    notified,
    notifications: trimmed([...alert.notifications, notification]),
  };
}

/** Money at stake as the words of an alert have it: of the same match. */
export const statedUsd = ({ titleUsd, atStakeUsd }: Pick<Alert, 'titleUsd' | 'atStakeUsd'>): number =>
  titleUsd ?? atStakeUsd;

function trimmed(notifications: readonly Notification[]): Notification[] {
  const kept = new Set(
    [true, false].flatMap((pages) => newest(notifications.filter(({ why }) => isPage(why) === pages))),
  );
  return notifications.filter((each) => kept.has(each) || !each.queued);
}

const newest = (notifications: readonly Notification[]): readonly Notification[] =>
  notifications.slice(-KEPT_NOTIFICATIONS);

/** Marks notifications as queued. Null if all are already. */
export function markQueued(alert: Alert, ids: ReadonlySet<string>): Alert | null {
  if (!alert.notifications.some(({ id, queued }) => !queued && ids.has(id))) return null;
  const notifications = alert.notifications.map((each) => (ids.has(each.id) ? { ...each, queued: true } : each));
  return { ...alert, version: alert.version + 1, notifications };
}

export const unqueued = ({ notifications }: Alert): Notification[] => notifications.filter(({ queued }) => !queued);

/** Standard Webhooks forbids full stops in ids: whatever is no letter, digit, dash or underscore is written as its code. */
const webhookSafe = (text: string): string =>
  text.replaceAll(/[^\w/-]/gu, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}`);

/** How long an alert stays open after its last match. */
export const IDLE_MS = 24 * 3_600_000;
/** A notification that is not queued after this long was left by a crash. */
export const OUTBOX_MS = 30_000;

/** Whether a change of an alert notifies people of a step: what a rule may do so often on a day. */
export const pages = (before: Alert | null, next: Alert): boolean =>
  next.notified > (before?.notified ?? 0) && next.page === next.notified;

/** When somebody must look at an alert again: to queue, repeat, or resolve. Null: never. */
export function attentionAt(alert: Alert): number | null {
  const times = unqueued(alert).map(({ at }) => at + OUTBOX_MS);
  if (alert.state === 'open') {
    times.push(alert.lastMatchAt + IDLE_MS);
    if (repeats(alert)) times.push(alert.told.at + alert.repeatAfterMs);
    if (alert.held?.until !== undefined) times.push(alert.held.until);
  }
  return times.length === 0 ? null : Math.min(...times);
}

/** Whether an alert is repeated until somebody acknowledges it. */
export const repeats = (alert: Alert): alert is Alert & { told: NonNullable<Alert['told']> } =>
  alert.repeatAfterMs > 0 &&
  alert.told?.severity === 'urgent' &&
  alert.acknowledged === undefined &&
  alert.state === 'open';

/** Whether the loudest step of an alert is louder than what people were notified of. */
export const isUntold = ({ severity, step, told }: Alert): boolean =>
  told === undefined || loudness({ severity, step }) > loudness(told);

import type { Match } from '../events/match.ts';
import { alertId, isUntold, statedUsd, type Alert } from './alert.ts';
import { loudness } from './loudness.ts';
import { holding, resolve, notifyOfStep, type Context } from './notifying.ts';

const RECENT_MATCHES = 50;
const RECENT_EVENTS = 20;

/**
 * The next version of an alert after a match, or null if nothing changes.
 *
 * - A1 The same match changes nothing.
 * - A2 A notification stands in the alert before it is sent, and its id never changes.
 * - A3 Of one episode, each loudness reaches people at most once, and only if it is louder than what reached them before.
 * - A4 The loudest step reaches people, unless a person, quiet hours or an alert of the whole market hold it back.
 *   What quiet hours held back reaches them when these end, and what a halt of the market did when it is over, if it still
 *   stands.
 */
export function decide(alert: Alert | null, match: Match, context: Context): Alert | null {
  if (alert?.recent.includes(match.id) === true) return null;
  if (match.resolves === true) return ended(alert, match, context.now);
  if (match.severity === 'info') return null;
  if (alert?.state === 'resolved' && isBefore(match, alert)) return counted(alert, match, context.now);
  if (alert === null || alert.state === 'resolved') {
    return context.ruleStopped ? null : told(opened(alert, match, context), context);
  }
  return told(counted(alert, match, context.now), context);
}

/** A late event of an episode that an event has ended, such as a halt that is heard of after trading resumed. */
const isBefore = (match: Match, { resolved }: Alert): boolean =>
  resolved?.eventTime !== undefined && Date.parse(match.event.time) <= resolved.eventTime;

function ended(alert: Alert | null, match: Match, now: number): Alert | null {
  if (alert === null || alert.state === 'resolved') return null;
  const eventTime = Date.parse(match.event.time);
  // Heard of after a newer event of the group: what it ended has begun again.
  if (alert.events.some(({ time }) => Date.parse(time) > eventTime)) return null;
  const { recent, events } = remembered(alert, match);
  return resolve({ ...alert, recent, events }, { why: 'ended', at: now, eventTime }, match.title);
}

function remembered(alert: Pick<Alert, 'recent' | 'events'>, { id, event }: Match): Pick<Alert, 'recent' | 'events'> {
  return {
    recent: [...alert.recent, id].slice(-RECENT_MATCHES),
    events: [...alert.events, { ...event }].slice(-RECENT_EVENTS),
  };
}

function opened(before: Alert | null, match: Match, { now, repeatAfterMs }: Context): Alert {
  const {
    told: _told,
    held: _held,
    acknowledged: _by,
    resolved: _resolved,
    page: _page,
    ...kept
  } = before ?? nothing(match);
  const { severity, step = 1, title, rule, ticker, atStakeUsd } = match;
  return {
    ...kept,
    ...remembered({ ...kept, events: [] }, match),
    version: kept.version + 1,
    state: 'open',
    episode: kept.episode + 1,
    openedAt: now,
    beganAt: Date.parse(match.event.time),
    lastMatchAt: now,
    severity,
    step,
    title,
    rule,
    ticker,
    atStakeUsd,
    titleUsd: atStakeUsd,
    matches: 1,
    analyses: [],
    repeatAfterMs,
  };
}

function nothing({ portfolio, subject, cause, ticker, severity, title, rule }: Match): Alert {
  return {
    version: 0,
    id: alertId({ portfolio, subject, cause }),
    portfolio,
    subject,
    cause,
    ticker,
    state: 'resolved',
    episode: 0,
    openedAt: 0,
    lastMatchAt: 0,
    severity,
    step: 0,
    title,
    rule,
    atStakeUsd: 0,
    matches: 0,
    recent: [],
    events: [],
    analyses: [],
    repeatAfterMs: 0,
    notified: 0,
    notifications: [],
  };
}

/** Words and money of an alert are those of one match: the loudest, and of equally loud ones that with the most at stake. */
function counted(alert: Alert, match: Match, now: number): Alert {
  const { severity, step = 1, title, rule, atStakeUsd: titleUsd } = match;
  const louder = loudness({ severity, step }) - loudness(alert);
  const isStated = louder > 0 || (louder === 0 && titleUsd > statedUsd(alert));
  return {
    ...alert,
    ...remembered(alert, match),
    version: alert.version + 1,
    lastMatchAt: now,
    matches: alert.matches + 1,
    atStakeUsd: Math.max(alert.atStakeUsd, match.atStakeUsd),
    ...(isStated && { severity, step, title, rule, titleUsd }),
  };
}

/** Notifies of a step that is louder than what people know, or says what holds it back. */
function told(alert: Alert, context: Context): Alert {
  if (!isUntold(alert) || context.ruleStopped) return alert;
  const held = holding(alert, context);
  if (held !== null) return { ...alert, held };
  return notifyOfStep(alert, alert.told === undefined ? 'first' : 'escalated', context.now);
}

import type { RoutedEvent } from '#core/streams/app.ts';
import type { Match, Severity } from '../events/match.ts';
import type { SubjectState } from '../instruments/state.ts';
import { watchersOf, type Portfolio } from '../portfolios/watched.ts';
import { marketRouter } from '../router/apply.ts';

/** An alert as a person would have seen it: all matches of one portfolio, subject and cause until it ended. */
export interface PastAlert {
  readonly at: string;
  readonly portfolio: string;
  readonly subject: string;
  readonly ticker: string;
  readonly cause: string;
  readonly severity: Severity;
  /** The furthest step. */
  readonly step: number;
  readonly title: string;
  readonly matches: number;
  /** Rules that matched, in order. */
  readonly rules: readonly string[];
}

export interface Outcome {
  readonly events: number;
  /** Events that would ask an agent. */
  readonly asked: number;
  readonly alerts: readonly PastAlert[];
}

export interface Comparison {
  readonly before: Outcome;
  readonly after: Outcome;
  readonly added: readonly PastAlert[];
  readonly removed: readonly PastAlert[];
  /** The same alert, by other rules, with another severity or step. */
  readonly changed: readonly { readonly before: PastAlert; readonly after: PastAlert }[];
}

/** Runs events through the code of the router with one portfolio. */
export function run(events: readonly RoutedEvent[], portfolio: Portfolio): Outcome {
  const watchers = watchersOf([portfolio]);
  const states = new Map<string, SubjectState>();
  const matches: Match[] = [];
  const asked = new Set<string>();
  // Published events follow the event that made them, as on the stream.
  const queue = [...events];
  for (let index = 0; index < queue.length; index += 1) {
    const event = queue[index];
    if (event === undefined) break;
    const { state, effects } = marketRouter.apply(states.get(event.subject) ?? marketRouter.initial, event, watchers);
    states.set(event.subject, state);
    for (const effect of effects) {
      if (effect.kind === 'publish') queue.splice(index + 1, 0, published(effect.event, event));
      else matches.push(effect.match);
      if (effect.kind === 'match' && effect.match.agent !== null) asked.add(event.id);
    }
  }
  return { events: events.length, asked: asked.size, alerts: alertsOf(matches) };
}

function published(
  event: {
    readonly id: string;
    readonly source: string;
    readonly type: string;
    readonly subject: string;
    readonly data?: unknown;
  },
  cause: RoutedEvent,
): RoutedEvent {
  const { id, source, type, subject, data } = event;
  return { ...cause, id, source, type, subject, data, sequence: null, late: false };
}

const LOUDNESS: Readonly<Record<Severity, number>> = { info: 0, warning: 1, urgent: 2 };

/** Groups matches as alerts do. `info` is for the digest, and opens none. */
function alertsOf(matches: readonly Match[]): PastAlert[] {
  const open = new Map<string, PastAlert>();
  const all = new Map<string, PastAlert>();
  for (const match of matches) {
    const group = `${match.portfolio}/${match.subject}/${match.cause}`;
    const known = open.get(group);
    if (match.severity === 'info') continue;
    if (match.resolves === true) open.delete(group);
    else {
      const alert = known === undefined ? opened(match) : continued(known, match);
      open.set(group, alert);
      all.set(`${group}/${alert.at}`, alert);
    }
  }
  return [...all.values()];
}

const opened = ({ event, portfolio, subject, ticker, cause, severity, step = 1, title, rule }: Match): PastAlert => ({
  at: event.time,
  portfolio,
  subject,
  ticker,
  cause,
  severity,
  step,
  title,
  matches: 1,
  rules: [rule],
});

function continued(alert: PastAlert, { severity, step = 1, title, rule }: Match): PastAlert {
  const isLouder = LOUDNESS[severity] > LOUDNESS[alert.severity] || (severity === alert.severity && step > alert.step);
  return {
    ...alert,
    matches: alert.matches + 1,
    rules: alert.rules.includes(rule) ? alert.rules : [...alert.rules, rule],
    ...(isLouder && { severity, step, title }),
  };
}

/** What a changed portfolio would have changed: the same events, with the rules of today and with the new ones. */
export function compare(events: readonly RoutedEvent[], today: Portfolio, changed: Portfolio): Comparison {
  const before = run(events, today);
  const after = run(events, changed);
  const old = new Map(before.alerts.map((alert) => [keyOf(alert), alert]));
  const next = new Map(after.alerts.map((alert) => [keyOf(alert), alert]));
  return {
    before,
    after,
    added: after.alerts.filter((alert) => !old.has(keyOf(alert))),
    removed: before.alerts.filter((alert) => !next.has(keyOf(alert))),
    changed: after.alerts.flatMap((alert) => {
      const known = old.get(keyOf(alert));
      return known === undefined || isAlike(known, alert) ? [] : [{ before: known, after: alert }];
    }),
  };
}

const keyOf = ({ subject, cause, at }: PastAlert): string => JSON.stringify([subject, cause, at]);

const isAlike = (one: PastAlert, other: PastAlert): boolean =>
  one.severity === other.severity && one.step === other.step && one.rules.join() === other.rules.join();

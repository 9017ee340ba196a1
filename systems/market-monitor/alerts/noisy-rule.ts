import { ownMatch, type Match, type Severity } from '../events/match.ts';
import { alertId, type Alert } from './alert.ts';

/**
 * Alerts that a rule may open or make worse within a day (UTC). One that does more is wrong, and hides what is right: it stops
 * itself. A crash of the market may open an urgent alert for each holding, so urgent rules may do more.
 *
 * - A5 A rule tells people at most so often, and each of its matches counts once, however often it is raised. What is held
 *   back counts when it is told.
 * - A6 Alerts that a rule opens at once do not hinder each other.
 */
export const MAX_OPENED: Readonly<Record<Severity, number>> = { urgent: 200, warning: 50, info: 50 };

/** People are about to be notified of an alert that a rule of a portfolio opened or made worse. */
export interface Opening {
  readonly portfolio: string;
  readonly rule: string;
  /** Such as `2026-11-27`. */
  readonly day: string;
  /** Id of the match, or of what is told: it counts once. */
  readonly key: string;
  /** Alerts that the rule may open or make worse on this day. */
  readonly max: number;
}

export const openingOf = ({ portfolio, rule, id, severity }: Match, now: number): Opening => ({
  portfolio,
  rule,
  day: new Date(now).toISOString().slice(0, 10),
  key: id,
  max: MAX_OPENED[severity],
});

export const NOISY = 'noisy-rule';
const DAY_MS = 86_400_000;

/** Id of the alert about a rule. */
export const noisyId = ({ portfolio, rule }: Pick<Match, 'portfolio' | 'rule'>): string =>
  alertId({ portfolio, subject: `rule:${rule}`, cause: NOISY });

/** Whether an alert about a rule says that it has stopped itself on this day. */
export const isAboutDay = ({ state, step }: Pick<Alert, 'state' | 'step'>, now: number): boolean =>
  state === 'open' && step === Math.floor(now / DAY_MS);

/** What people are to be notified of when nothing holds an alert back any more, as the match that made it so loud. */
export function matchOfHeld(alert: Alert, now: number): Match {
  const { portfolio, rule, severity, step, subject, ticker, cause, title, atStakeUsd } = alert;
  const event = alert.events.at(-1);
  if (event === undefined) throw new Error(`The alert ${alert.id} has no event.`);
  const id = `${alert.id}/${alert.episode}/${alert.notified + 1}`;
  const told = { id, portfolio, rule, severity, step, subject, ticker, cause, title, atStakeUsd, event };
  return ownMatch({ ...told, arrivedAt: now });
}

/**
 * The match that says that a rule has stopped itself: the same for every match that it stops on a day. It is as loud as what
 * it stops, since whoever hears only of urgent alerts must know that some are missing. Its step is the day, in days since 1970:
 * a rule that stops again on the next day, or that dropped matches of one instrument before, is told again.
 */
export const aboutNoisyRule = (match: Match, day: string): Match => ({
  ...match,
  step: Math.floor(Date.parse(day) / DAY_MS),
  id: `${NOISY}/${match.rule}/${day}`,
  subject: `rule:${match.rule}`,
  ticker: match.rule,
  cause: NOISY,
  title: `The rule ${match.rule} would have alerted more than ${MAX_OPENED[match.severity]} times on ${day} (UTC), so it is stopped until that day is over. Narrow its condition, and try it with fleet rules test.`,
  values: {},
  atStakeUsd: 0,
  agent: null,
});

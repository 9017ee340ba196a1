import { isInhibited, notify, statedUsd, type Alert } from './alert.ts';
import { silenceOf, type Silence } from './silence.ts';

/** What a decision depends on beside the alert and the match. */
export interface Context {
  readonly now: number;
  /** When the quiet hours of the portfolio end, in milliseconds since 1970. Null: it is no quiet hour. */
  readonly quietUntil: number | null;
  /** The alert of a whole market that inhibits those of single instruments. */
  readonly inhibitedBy: string | null;
  readonly silences: readonly Silence[];
  /** Whether what an inhibited alert says still holds by the price after the halt. Null: there is none yet. Absent: it does. */
  readonly stands?: boolean | null;
  /** Whether the rule has stopped itself: it opens no alert and tells of none that becomes worse. */
  readonly ruleStopped: boolean;
  /** Milliseconds after which an urgent alert that nobody acknowledged is repeated. 0: never. */
  readonly repeatAfterMs: number;
}

/** An alert that the halt of a market holds back is decided again after this long, until it is over and there is a price. */
export const INHIBITED_MS = 60_000;

/** A silenced alert is looked at after this long at the latest, since a person may end the silence. */
export const SILENCED_MS = 10 * 60_000;

/** So is one that quiet hours hold back, since a person may change them. */
export const QUIET_MS = 60 * 60_000;

/** One whose price recovered is looked at again after this long. Many at once would keep the clock busy each minute. */
export const RECOVERED_MS = 10 * 60_000;

/** Notifies of the loudest step. Whoever acknowledged a step did not acknowledge a louder one. */
export function notifyOfStep(alert: Alert, why: 'first' | 'escalated', now: number): Alert {
  const { held: _held, acknowledged: _acknowledged, ...rest } = alert;
  const { severity, step, title, rule } = alert;
  const told = { ...alert.told, severity, step, at: now, title, rule, titleUsd: statedUsd(alert) };
  return notify({ ...rest, told }, why, now);
}

/** Ends the episode. Whoever was notified of it is notified of its end. */
export function resolve(alert: Alert, resolved: NonNullable<Alert['resolved']>, text: string): Alert {
  const { held, ...rest } = alert;
  const end = held === undefined ? resolved : { ...resolved, unsent: held.why };
  const next: Alert = { ...rest, version: alert.version + 1, state: 'resolved', resolved: end };
  return alert.told === undefined ? next : notify(next, 'resolved', resolved.at, text);
}

/** What keeps people from being notified. Null: nothing. */
export function holding(
  alert: Alert,
  { now, quietUntil, inhibitedBy, silences }: Pick<Context, 'now' | 'quietUntil' | 'inhibitedBy' | 'silences'>,
): NonNullable<Alert['held']> | null {
  if (inhibitedBy !== null && inhibitedBy !== alert.id && isInhibited(alert)) {
    return { why: 'inhibited', at: now, by: inhibitedBy, until: now + INHIBITED_MS };
  }
  const silence = silenceOf(alert, silences, now);
  if (silence !== null) return { why: 'silence', at: now, until: Math.min(silence.until, now + SILENCED_MS) };
  if (quietUntil === null || alert.severity === 'urgent') return null;
  return { why: 'quiet-hours', at: now, until: Math.min(quietUntil, now + QUIET_MS) };
}

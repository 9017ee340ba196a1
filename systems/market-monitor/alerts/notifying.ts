import { isOfInstrument, notify, type Alert } from './alert.ts';
import { silenceOf, type Silence } from './silence.ts';

/** What a decision depends on beside the alert and the match. */
export interface Context {
  readonly now: number;
  /** Whether it is a quiet hour of the portfolio. */
  readonly quiet: boolean;
  /** The open alert of a whole market, which inhibits those of single instruments. */
  readonly inhibitedBy: string | null;
  readonly silences: readonly Silence[];
  /** Whether the rule has stopped itself: it opens no alert and tells of none that becomes worse. */
  readonly ruleStopped: boolean;
  /** Milliseconds after which an urgent alert that nobody acknowledged is repeated. */
  readonly repeatAfterMs: number;
}

/** Notifies of the loudest step. Whoever acknowledged a step did not acknowledge a louder one. */
export function notifyOfStep(alert: Alert, why: 'first' | 'escalated' | 'repeated', now: number): Alert {
  const { held: _held, acknowledged: _acknowledged, ...rest } = alert;
  const { severity, step } = alert;
  return notify({ ...rest, told: { ...alert.told, severity, step, at: now } }, why, now);
}

/** Ends the episode. Whoever was notified of it is notified of its end. */
export function resolve(alert: Alert, resolved: NonNullable<Alert['resolved']>, text: string): Alert {
  const { held: _held, ...rest } = alert;
  const next: Alert = { ...rest, version: alert.version + 1, state: 'resolved', resolved };
  return alert.told === undefined ? next : notify(next, 'resolved', resolved.at, text);
}

/** What keeps people from being notified. Null: nothing. */
export function holding(
  alert: Alert,
  { now, quiet, inhibitedBy, silences }: Pick<Context, 'now' | 'quiet' | 'inhibitedBy' | 'silences'>,
): NonNullable<Alert['held']> | null {
  if (inhibitedBy !== null && inhibitedBy !== alert.id && isOfInstrument(alert)) {
    return { why: 'inhibited', at: now, by: inhibitedBy };
  }
  const silence = silenceOf(alert, silences, now);
  if (silence !== null) return { why: 'silence', at: now, until: silence.until };
  return quiet && alert.severity !== 'urgent' ? { why: 'quiet-hours', at: now } : null;
}

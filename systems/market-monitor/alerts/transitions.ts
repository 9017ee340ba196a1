import type { Alert } from './alert.ts';
import { IDLE_MS, isUntold, notify, repeats } from './alert.ts';
import { holding, INHIBITED_MS, RECOVERED_MS, resolve, notifyOfStep, type Context } from './notifying.ts';

/** What an agent found, or that a newer window superseded its task. */
export interface Analysis {
  /** Id of the task: the same task is added once. */
  readonly task: string;
  readonly agent: string;
  /** Null: superseded. */
  readonly summary: string | null;
}

const KEPT_ANALYSES = 5;

/** Adds an analysis. People who know of the alert are notified. Null: it is known, or the alert is another by now. */
export function addAnalysis(alert: Alert, { task, agent, summary }: Analysis, now: number): Alert | null {
  if (alert.analyses.some((each) => each.task === task)) return null;
  const analyses = [...alert.analyses, { task, agent, at: now, summary }].slice(-KEPT_ANALYSES);
  const next = { ...alert, version: alert.version + 1, analyses };
  const isHeard = alert.told !== undefined && alert.state === 'open' && summary !== null;
  return isHeard ? notify(next, 'analysis', now, summary) : next;
}

/** A person took care of it: it is not repeated. Null: somebody has already, or it is resolved. */
export function acknowledge(alert: Alert, by: string, now: number): Alert | null {
  if (alert.acknowledged !== undefined || alert.state === 'resolved') return null;
  const next = { ...alert, version: alert.version + 1, acknowledged: { by, at: now } };
  return alert.told === undefined ? next : notify(next, 'acknowledged', now, by);
}

/** A person ended a silence: what it held back is decided again at once. Null: it held nothing back. */
export function unsilence(alert: Alert, now: number): Alert | null {
  const { held } = alert;
  if (alert.state !== 'open' || held?.why !== 'silence' || (held.until ?? now) <= now) return null;
  return { ...alert, version: alert.version + 1, held: { ...held, until: now } };
}

/**
 * What time alone changes: an idle alert is resolved, an urgent one repeated, one told whose silence or quiet hours are over, or
 * the halt of its market while it still stands. Null: nothing.
 */
export function tick(alert: Alert, context: Context): Alert | null {
  const { now } = context;
  if (alert.state === 'resolved') return null;
  if (now >= alert.lastMatchAt + IDLE_MS)
    return resolve(alert, { why: 'idle', at: now }, 'Nothing more happened for 24 hours.');
  const isLookedAt = alert.held?.until !== undefined && alert.held.until <= now;
  const next = isLookedAt ? afterHold(alert, context) : alert;
  // A louder step that is told now is a reminder too.
  const reminded = next.notified === alert.notified ? remind(next, context) : null;
  if (reminded !== null) return { ...reminded, version: alert.version + 1 };
  return isLookedAt ? next : null;
}

/** Repeats what people know of, while a louder step that does not stand stays held. Null: it is not due, or held back. */
function remind(alert: Alert, context: Context): Alert | null {
  const isDue = repeats(alert) && context.now >= alert.told.at + alert.repeatAfterMs;
  if (!isDue || holding(alert, context) !== null) return null;
  return notify({ ...alert, told: { ...alert.told, at: context.now } }, 'repeated', context.now);
}

function afterHold(alert: Alert, context: Context): Alert {
  const { held: before, ...rest } = alert;
  const next = { ...rest, version: alert.version + 1 };
  const held = holding(alert, context);
  if (held !== null) return { ...next, held };
  // Prices recovered. If they fall again, that is no new crossing of a threshold, so it goes on being looked at.
  const { now, stands = true, ruleStopped } = context;
  if (before?.why === 'inhibited' && stands !== true)
    return { ...next, held: { ...before, until: now + (stands === null ? INHIBITED_MS : RECOVERED_MS) } };
  return isUntold(alert) && !ruleStopped
    ? notifyOfStep(next, alert.told === undefined ? 'first' : 'escalated', now)
    : next;
}

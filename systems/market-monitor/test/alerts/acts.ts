import type { Alert } from '../../alerts/alert.ts';
import { decide } from '../../alerts/decide.ts';
import type { Context } from '../../alerts/notifying.ts';
import type { Silence } from '../../alerts/silence.ts';
import { acknowledge, addAnalysis, tick } from '../../alerts/transitions.ts';
import type { Match } from '../../events/match.ts';
import { contextOf, eventAt, HOUR, matchOf, NOW } from './support.ts';

/** What happens to an alert: a match, or something else. */
export type Act = (alert: Alert | null) => Alert | null;

export const m =
  (change: Partial<Match>, context: Partial<Context> = {}): Act =>
  (alert) =>
    decide(alert, matchOf(change), contextOf(context));
export const urgent = (id: string, context: Partial<Context> = {}, step?: number): Act =>
  m({ id, severity: 'urgent', ...(step !== undefined && { step }) }, context);
export const warning = (id: string, context: Partial<Context> = {}, step?: number): Act =>
  m({ id, severity: 'warning', ...(step !== undefined && { step }) }, context);
export const info = (id: string): Act => m({ id, severity: 'info' });
export const resumed = (id: string, time = '2026-11-27T15:10:00Z', now = NOW): Act =>
  m({ id, resolves: true, severity: 'info', event: eventAt(time, id) }, { now });
export const at = (id: string, time: string, now = NOW): Act => m({ id, event: eventAt(time, id) }, { now });
export const time =
  (now: number, context: Partial<Context> = {}): Act =>
  (alert) =>
    alert && tick(alert, contextOf({ ...context, now }));
export const ack =
  (by: string): Act =>
  (alert) =>
    alert && acknowledge(alert, by, NOW);
export const analysis =
  (task: string, summary: string | null = 'Results disappoint.'): Act =>
  (alert) =>
    alert && addAnalysis(alert, { task, agent: 'price-move', summary }, NOW);

export const silence = (change: Partial<Silence> = {}): Silence => ({
  id: 's',
  portfolio: 'tech',
  upTo: 'urgent',
  until: NOW + HOUR,
  by: 'ada',
  why: 'known',
  ...change,
});
export const silenced = (change: Partial<Silence> = {}): Partial<Context> => ({ silences: [silence(change)] });
export const quiet = { quietUntil: NOW + 8 * HOUR };
export const halted = { inhibitedBy: 'tech/market:XNYS/circuit-breaker' };

/** Runs acts one after the other. */
export const after = (acts: readonly Act[]): Alert | null => {
  let alert: Alert | null = null;
  for (const act of acts) alert = act(alert) ?? alert;
  return alert;
};

/** The notifications, as `why severity step`. */
export const said = (alert: Alert | null): string =>
  (alert?.notifications ?? []).map(({ why, severity, step }) => `${why} ${severity} ${step}`).join(', ');

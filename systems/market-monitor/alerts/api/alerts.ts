import type { z } from 'zod';
import type { Caller } from '#core/api/http/caller.ts';
import { ApiProblem, notFound } from '#core/api/http/problem.ts';
import type { PortfolioStore } from '../../portfolios/store.ts';
import { partsOf, statedUsd, type Alert } from '../alert.ts';
import type { AlertPorts } from '../ports.ts';
import { change } from '../raise.ts';
import { acknowledge } from '../transitions.ts';
import { knownPortfolio, nameOf } from './known.ts';
import type { alertViewSchema } from './messages.ts';

export interface AlertApiPorts extends Pick<AlertPorts, 'alerts' | 'clock'> {
  readonly store: Pick<PortfolioStore, 'read'>;
  /** The tenant that the market monitor works for. To others, its portfolios do not exist (I8). */
  readonly tenant: string;
}

type View = z.input<typeof alertViewSchema>;

/** Those with the most at stake first. Throws `ApiProblem` if the caller has no such portfolio. */
export async function listAlerts(ports: AlertApiPorts, caller: Caller, id: string, all: boolean): Promise<View[]> {
  await knownPortfolio(ports, caller, id);
  const alerts: Alert[] = [];
  for await (const alert of ports.alerts.ofPortfolio(id)) if (all || alert.state === 'open') alerts.push(alert);
  return alerts.toSorted(byMoney).map(alertView);
}

/**
 * The key takes care of an alert. It stands in the alert's outbox, from which the clock sends it on within a minute. Whoever
 * was first stays. Throws `ApiProblem` if the caller has no such alert, or it is resolved.
 */
export async function postAcknowledge(ports: AlertApiPorts, caller: Caller, id: string, alert: string): Promise<View> {
  await knownPortfolio(ports, caller, id);
  const by = nameOf(caller);
  const own = partsOf(alert)?.portfolio === id;
  const rule = (before: Alert | null) => before && acknowledge(before, by, ports.clock.now());
  const found = own ? await change(ports, alert, rule) : null;
  if (found === null) throw notFound('alert', alert);
  if (found.acknowledged !== undefined) return alertView(found);
  throw new ApiProblem('conflict', `The alert "${alert}" is resolved. There is nothing to acknowledge.`);
}

/** Alerts as people read them: the most money first. */
export const byMoney = (a: Alert, b: Alert): number => b.atStakeUsd - a.atStakeUsd || (a.id < b.id ? -1 : 1);

/** An alert as API and commands show it. */
export const alertView = (alert: Alert): View => ({
  id: alert.id,
  portfolio: alert.portfolio,
  subject: alert.subject,
  ticker: alert.ticker,
  cause: alert.cause,
  severity: alert.severity,
  state: alert.state,
  episode: alert.episode,
  openedAt: new Date(alert.openedAt).toISOString(),
  lastMatchAt: new Date(alert.lastMatchAt).toISOString(),
  title: alert.title,
  rule: alert.rule,
  matches: alert.matches,
  atStakeUsd: alert.atStakeUsd,
  titleUsd: statedUsd(alert),
  acknowledgedBy: alert.acknowledged?.by ?? null,
  heldBy: alert.held?.why ?? null,
  notifications: alert.notifications.map(({ id, why, severity, at, queued }) => ({
    id,
    why,
    severity,
    at: new Date(at).toISOString(),
    queued,
  })),
  analyses: alert.analyses.map(({ task, agent, summary }) => ({ task, agent, summary })),
  events: alert.events.map(({ source, id, time }) => ({ source, id, time })),
});

import { pages, partsOf, type Alert } from './alert.ts';
import { matchOfHeld } from './noisy-rule.ts';
import type { Context } from './notifying.ts';
import type { AlertPorts, Standing } from './ports.ts';
import { change, contextOf, isStopped, queueUnqueued } from './raise.ts';
import { acknowledge, addAnalysis, tick, type Analysis } from './transitions.ts';

/** Adds an agent's analysis to an alert and notifies those who know of it. */
export const analyse = (ports: AlertPorts, id: string, analysis: Analysis): Promise<Alert | null> =>
  act(ports, id, (alert) => addAnalysis(alert, analysis, ports.clock.now()));

/** A person takes care of an alert. Returns it, or null if there is none. */
export const acknowledgeAlert = (ports: AlertPorts, id: string, by: string): Promise<Alert | null> =>
  act(ports, id, (alert) => acknowledge(alert, by, ports.clock.now()));

async function act(ports: AlertPorts, id: string, rule: (alert: Alert) => Alert | null): Promise<Alert | null> {
  const alert = await change(ports, id, (before) => before && rule(before));
  const policy = alert && (await ports.policyOf(alert.portfolio));
  if (alert && policy) await queueUnqueued(ports, policy, alert);
  return alert;
}

/** Ports of the sweep. */
export interface SweepPorts extends AlertPorts {
  /**
   * Whether what an alert of an instrument says still holds. Null: no price has come since.
   * @param since milliseconds since 1970, of event time
   */
  stillHolds(alert: Alert, since: number): Promise<boolean | null>;
}

/** An instrument that is not traded for so long after a halt of its market is told of as it is. */
const PRICE_MS = 15 * 60_000;

/**
 * Looks at the alerts that are due: queues what a crash left in an outbox, repeats, resolves what is idle. One that fails does
 * not keep it from the others. Returns the number of alerts and the errors.
 * @param hasTime whether there is time for one more
 */
export async function sweep(
  ports: SweepPorts,
  hasTime: () => boolean,
): Promise<{ readonly swept: number; readonly errors: readonly unknown[] }> {
  const errors: unknown[] = [];
  let swept = 0;
  for await (const id of ports.alerts.due(ports.clock.now())) {
    if (!hasTime()) break;
    try {
      await sweepOne(ports, id);
      swept++;
    } catch (error) {
      errors.push(error);
    }
  }
  return { swept, errors };
}

async function sweepOne(ports: SweepPorts, id: string): Promise<void> {
  const portfolio = partsOf(id)?.portfolio ?? '';
  const known = await ports.policyOf(portfolio);
  // Of a portfolio that was removed: nobody is notified, and its alerts end.
  const policy = known ?? { portfolio, recipients: [], quiet: null };
  const standing = await ports.alerts.standing(portfolio);
  const alert = await change(ports, id, async (before) => {
    if (before === null) return null;
    const now = ports.clock.now();
    const context = contextOf(policy, standing, now);
    const judged = { ...context, stands: await stands(ports, before, standing, context) };
    const next = tick(before, judged);
    if (next === null || !pages(before, next)) return next;
    const ruleStopped = await isStopped(ports, matchOfHeld(before, now));
    return ruleStopped ? tick(before, { ...judged, ruleStopped }) : next;
  });
  if (alert) await queueUnqueued(ports, policy, alert);
}

/** Whether an alert that was held back by a halt of its market still stands, now that this is over. Null: no price says so yet. */
async function stands(
  ports: SweepPorts,
  alert: Alert,
  { marketWide }: Standing,
  context: Context,
): Promise<boolean | null> {
  if (alert.held?.why !== 'inhibited' || context.inhibitedBy !== null) return true;
  const { by } = alert.held;
  const over = marketWide.find(({ id }) => id === by)?.resolved;
  if (over === undefined) return true;
  return (await ports.stillHolds(alert, over.eventTime ?? over.at)) ?? (context.now >= over.at + PRICE_MS || null);
}

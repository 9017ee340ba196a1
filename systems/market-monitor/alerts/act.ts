import { partsOf, type Alert } from './alert.ts';
import type { AlertPorts } from './ports.ts';
import { change, contextOf, queueUnqueued } from './raise.ts';
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

/**
 * Looks at the alerts that are due: queues what a crash left in an outbox, repeats, resolves what is idle. One that fails does
 * not keep it from the others. Returns the number of alerts and the errors.
 * @param hasTime whether there is time for one more
 */
export async function sweep(
  ports: AlertPorts,
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

async function sweepOne(ports: AlertPorts, id: string): Promise<void> {
  const portfolio = partsOf(id)?.portfolio ?? '';
  const known = await ports.policyOf(portfolio);
  // Of a portfolio that was removed: nobody is notified, and its alerts end.
  const policy = known ?? { portfolio, recipients: [], quiet: null };
  const standing = await ports.alerts.standing(portfolio);
  const alert = await change(
    ports,
    id,
    (before) => before && tick(before, contextOf(policy, standing, ports.clock.now())),
  );
  if (alert) await queueUnqueued(ports, policy, alert);
}

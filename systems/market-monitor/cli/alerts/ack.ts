import { terminalOutput } from '#cli/terminal/output.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { change } from '../../alerts/raise.ts';
import { acknowledge } from '../../alerts/transitions.ts';
import type { AckOptions } from './add-alerts.ts';
import { knownAlert, withAlerts } from './place.ts';

/** `fleet alerts ack`. It stands in the alert's outbox, from which the clock sends it on within a minute. */
export async function ackCommand(id: string, options: AckOptions): Promise<void> {
  const output = terminalOutput(options.json ?? false);
  const by = options.by.trim();
  if (by === '') throw wrongUsage('--by is empty.', 'Give your name, so that others know who takes care of it.');
  const alert = await withAlerts(options, async (place) => {
    await knownAlert(place, id);
    return change(place, id, (before) => before && acknowledge(before, by, Date.now()));
  });
  const acknowledgedBy = alert?.acknowledged?.by ?? null;
  if (options.json === true) return output.json({ id, state: alert?.state, acknowledgedBy });
  if (acknowledgedBy === null) return output.line(`${id} is resolved. There is nothing to acknowledge.`);
  output.line(
    acknowledgedBy === by
      ? `Acknowledged by ${by}. It is not repeated, unless it becomes worse.`
      : `${acknowledgedBy} has acknowledged it already.`,
  );
}

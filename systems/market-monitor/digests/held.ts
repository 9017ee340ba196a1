import { statedUsd, type Alert } from '../alerts/alert.ts';
import { eventRef } from '../events/event-ref.ts';
import type { Digest } from './digest.ts';
import type { Period } from './period.ts';

/**
 * What people were not notified of: open alerts whose loudest step is held back, and those that ended within the period before
 * anybody was.
 */
export const heldOf = ({
  alerts,
  period,
}: {
  readonly alerts: readonly Alert[];
  readonly period: Pick<Period, 'from' | 'to'>;
}): Digest['held'] =>
  alerts.flatMap((alert) => {
    const { held, resolved } = alert;
    const event = alert.events.at(-1);
    const why = alert.state === 'open' ? held?.why : resolved?.unsent;
    const endedAt = alert.state === 'open' ? null : (resolved?.eventTime ?? resolved?.at ?? 0);
    const isOfPeriod = endedAt === null || (endedAt >= period.from && endedAt < period.to);
    if (why === undefined || event === undefined || !isOfPeriod) return [];
    const { id, ticker, cause, severity, title, beganAt, openedAt } = alert;
    return [
      {
        alert: id,
        ticker,
        cause,
        severity,
        title,
        atStakeUsd: statedUsd(alert),
        why,
        since: new Date(beganAt ?? openedAt).toISOString(),
        endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
        event: { ref: eventRef(event), source: event.source, id: event.id, time: event.time },
      },
    ];
  });

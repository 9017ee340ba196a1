import { eventRef } from '../../events/event-ref.ts';
import { episodeOf, type Alert, type Notification } from '../alert.ts';
import { headlineOf, NOT_ADVICE, textOf } from './words.ts';

/** The body of a signed webhook, with `type`, `timestamp` and `data` as in Standard Webhooks. Amounts are US dollars. */
export function webhookEvent(alert: Alert, notification: Notification): object {
  const { why, severity, step, at, title, atStakeUsd, matches, rule, event } = notification;
  const text = textOf(notification);
  return {
    type: `alert.${why}`,
    timestamp: new Date(at).toISOString(),
    data: {
      alert: alert.id,
      episode: episodeOf(notification),
      portfolio: alert.portfolio,
      subject: alert.subject,
      ticker: alert.ticker,
      cause: alert.cause,
      severity,
      step,
      headline: headlineOf(alert, notification),
      title,
      ...(text !== null && { text }),
      atStakeUsd,
      matches,
      rule,
      event: { ref: eventRef(event), source: event.source, id: event.id, type: event.type, time: event.time },
      note: NOT_ADVICE,
    },
  };
}

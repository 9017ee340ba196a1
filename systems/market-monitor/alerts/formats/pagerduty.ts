import { shorten } from '#core/text/text.ts';
import type { Alert, Notification } from '../alert.ts';
import { factsOf, headlineOf, NOT_ADVICE, textOf } from './words.ts';

export const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

const MAX_SUMMARY = 1_024;
const MAX_DEDUP_KEY = 255;

/**
 * An event of PagerDuty's Events API v2. All events of an episode have its key, so that PagerDuty shows one incident. The next
 * episode is another incident. https://developer.pagerduty.com/docs/send-alert-event
 */
export function pagerdutyEvent(alert: Alert, notification: Notification, routingKey: string): object {
  const { why, severity, at } = notification;
  const common = { routing_key: routingKey, dedup_key: dedupKey(notification) };
  if (why === 'resolved') return { ...common, event_action: 'resolve' };
  if (why === 'acknowledged') return { ...common, event_action: 'acknowledge' };
  const text = textOf(notification);
  return {
    ...common,
    event_action: 'trigger',
    client: 'agent-fleet market monitor',
    payload: {
      summary: shorten(headlineOf(alert, notification), MAX_SUMMARY),
      source: alert.subject,
      severity: severity === 'urgent' ? 'critical' : 'warning',
      timestamp: new Date(at).toISOString(),
      component: alert.ticker,
      group: alert.portfolio,
      class: alert.cause,
      custom_details: {
        ...Object.fromEntries(factsOf(alert, notification)),
        ...(text !== null && { Analysis: text }),
        Note: NOT_ADVICE,
      },
    },
  };
}

/** The notification's id without its number: alert and episode. */
export const dedupKey = ({ id }: Pick<Notification, 'id'>): string =>
  id.slice(0, id.lastIndexOf('/')).slice(-MAX_DEDUP_KEY);

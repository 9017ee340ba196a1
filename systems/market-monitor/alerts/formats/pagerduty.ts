import { shorten } from '#core/text/text.ts';
import type { Alert, Notification } from '../alert.ts';
import { factsOf, headlineOf, NOT_ADVICE, textOf } from './words.ts';

export const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

const MAX_SUMMARY = 1_024;
const MAX_DEDUP_KEY = 255;

/**
 * The events of a notification for PagerDuty's Events API v2, in order. https://developer.pagerduty.com/docs/send-alert-event
 *
 * PagerDuty notifies people of an incident once, and never again once it is acknowledged, whatever else comes under its key.
 * So each page (`first`, `escalated`) has a key of its own: what became worse opens an incident, and closes the one before
 * it. What follows a page, such as an analysis, goes to its incident. A reminder does too: to wake the next person is up to
 * PagerDuty's escalation policy.
 */
export function pagerdutyEvents(alert: Alert, notification: Notification, routingKey: string): readonly object[] {
  const keyed = (key: string, event_action: string) => ({ routing_key: routingKey, dedup_key: key, event_action });
  const key = dedupKey(notification);
  const before = earlierKeys(alert, notification).map((earlier) => keyed(earlier, 'resolve'));
  if (notification.why === 'resolved') return [keyed(key, 'resolve'), ...before];
  if (notification.why === 'acknowledged') return [keyed(key, 'acknowledge')];
  const trigger = { ...keyed(key, 'trigger'), ...triggerOf(alert, notification) };
  return notification.why === 'escalated' ? [trigger, ...before] : [trigger];
}

/** The keys of the pages of the same episode before this one. */
function earlierKeys({ notifications }: Alert, { id, page = 0 }: Notification): string[] {
  const episode = withoutNumber(id);
  const earlier = notifications.filter((each) => withoutNumber(each.id) === episode && (each.page ?? 0) < page);
  return [...new Set(earlier.map(dedupKey))];
}

function triggerOf(alert: Alert, notification: Notification): object {
  const { severity, at } = notification;
  const text = textOf(notification);
  return {
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
const withoutNumber = (id: string): string => id.slice(0, id.lastIndexOf('/'));

/** Alert, episode and page. Notifications of before December 2026 have no page. */
export function dedupKey({ id, page }: Pick<Notification, 'id' | 'page'>): string {
  const key = page === undefined ? withoutNumber(id) : `${withoutNumber(id)}/${page}`;
  return key.slice(-MAX_DEDUP_KEY);
}

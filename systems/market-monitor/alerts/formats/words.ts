import { shorten } from '#core/text/text.ts';
import { eventRef } from '../../events/event-ref.ts';
import type { Alert, Notification, Reason } from '../alert.ts';

/** Stands below everything that speaks of money. */
export const NOT_ADVICE = 'Not investment advice.';

/** Longest text of an agent or a person in a message. */
const MAX_TEXT = 700;

const WORDS: Readonly<Record<Reason, (notification: Notification) => string>> = {
  first: () => '',
  escalated: () => 'Worse now: ',
  repeated: () => 'Not acknowledged: ',
  analysis: () => 'Analysis: ',
  acknowledged: () => 'Acknowledged: ',
  resolved: () => 'Resolved: ',
};

/** The first line of a message. */
export function headlineOf(alert: Alert, notification: Notification): string {
  const { severity, why, title } = notification;
  const loud = severity === 'urgent' && why !== 'resolved' && why !== 'acknowledged' ? 'URGENT ' : '';
  return oneLine(`${loud}${WORDS[why](notification)}${alert.ticker}: ${title}`);
}

/** What an agent found, who acknowledged, why it is resolved: text of others. */
export const textOf = ({ why, text }: Notification): string | null => {
  if (text === undefined || text === '') return null;
  const words = shorten(oneLine(text), MAX_TEXT);
  return why === 'acknowledged' ? `By ${words}` : words;
};

/** What keeps people from being notified of an alert, by the reason that stands in it. */
export const HELD: Readonly<Record<string, string>> = {
  'quiet-hours': 'not sent: quiet hours',
  silence: 'not sent: silenced by a person',
  inhibited: 'not sent: the whole market was halted',
};

/** Figures below the first line. */
export const factsOf = (
  alert: Alert,
  { atStakeUsd, matches, rule, event }: Notification,
): readonly [string, string][] => [
  ['At stake', usd(atStakeUsd)],
  ['Portfolio', alert.portfolio],
  ['Rule', rule],
  ['Matches', String(matches)],
  ['Event', `${eventRef(event)} (${event.type}) of ${event.time}`],
  ['Alert', alert.id],
];

/** US dollars without cents, such as `$12,400`. */
export const usd = (amount: number): string =>
  `${amount < 0 ? '−' : ''}$${Math.abs(Math.round(amount)).toLocaleString('en-US')}`;

/** How far another match goes beyond the amount that words have. Empty: none does. */
export const beyondWords = (statedUsd: number, mostUsd: number): string =>
  Math.round(mostUsd) > Math.round(statedUsd) ? `up to ${usd(mostUsd)} by another match` : '';

/** A text as one line without control characters. */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();

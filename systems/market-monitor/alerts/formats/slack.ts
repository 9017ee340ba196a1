import { shorten } from '#core/text/text.ts';
import type { Alert, Notification } from '../alert.ts';
import { factsOf, headlineOf, NOT_ADVICE, oneLine, textOf } from './words.ts';

const MAX_FIELD = 2_000;

/**
 * A message for an incoming webhook of Slack. Every text is escaped, and stands in `plain_text` where it is not ours.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function slackMessage(alert: Alert, notification: Notification): object {
  const headline = headlineOf(alert, notification);
  const text = textOf(notification);
  const facts = factsOf(alert, notification).map(([name, value]) => `${name}: ${value}`);
  return {
    // Shown in notifications of the phone. `mrkdwn: false` keeps it plain.
    text: escapeSlack(headline),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      section(headline),
      ...(text === null ? [] : [section(text)]),
      { type: 'context', elements: [...facts.slice(0, 8), NOT_ADVICE].map((words) => plain(words)) },
    ],
  };
}

const section = (words: string) => ({ type: 'section', text: plain(words) });

const plain = (words: string) => ({
  type: 'plain_text',
  text: shorten(escapeSlack(oneLine(words)), MAX_FIELD),
  // Otherwise a headline with :fire: would show a picture.
  emoji: false,
});

/** Slack reads `<…>` as links and mentions, such as `<!channel>`, and asks for these three to be escaped. */
export const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

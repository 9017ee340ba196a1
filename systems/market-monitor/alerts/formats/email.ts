import { fragment, type Fragment } from '#core/text/markup.ts';
import type { Letter } from '#core/ports/mailer.ts';
import { shorten } from '#core/text/text.ts';
import type { Alert, Notification } from '../alert.ts';
import { factsOf, headlineOf, NOT_ADVICE, textOf } from './words.ts';

const MAX_SUBJECT = 150;

/** The mail of a notification. Mail programs show the mails of one episode as one conversation by `about`. */
export function alertLetter(
  alert: Alert,
  notification: Notification,
  { from, to }: Pick<Letter, 'from' | 'to'>,
): Letter {
  const headline = headlineOf(alert, notification);
  const text = textOf(notification);
  const facts = factsOf(alert, notification);
  const lines = [
    headline,
    ...(text === null ? [] : ['', text]),
    '',
    ...facts.map(([name, value]) => `${name}: ${value}`),
    '',
    NOT_ADVICE,
  ];
  return {
    about: `alert#${notification.id}`,
    from,
    to,
    subject: shorten(headline, MAX_SUBJECT),
    text: `${lines.join('\n')}\n`,
    html: page(headline, text, facts),
  };
}

const page = (headline: string, text: string | null, facts: readonly [string, string][]): string =>
  fragment`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${headline}</title></head>
<body style="margin:0;padding:12px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.45;color:#1c2430;overflow-wrap:anywhere">
<p style="margin:0 0 8px;font-size:17px"><b>${headline}</b></p>
${text !== null && fragment`<p style="margin:0 0 8px">${text}</p>`}
<table cellpadding="0" cellspacing="0" border="0" style="font-size:14px">${facts.map(fact)}</table>
<p style="margin:10px 0 0;font-size:13px;color:#56606e">${NOT_ADVICE}</p>
</body></html>
`.markup;

const fact = ([name, value]: readonly [string, string]): Fragment =>
  fragment`<tr><td style="padding:2px 10px 2px 0;color:#56606e;vertical-align:top;white-space:nowrap">${name}</td><td style="padding:2px 0">${value}</td></tr>
`;

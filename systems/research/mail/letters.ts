import type { Letter } from '#core/ports/mailer.ts';
import { mailHtml } from '../brief/html/mail.ts';
import { firstLines, mailText } from '../brief/text.ts';
import { subjectOf } from '../brief/words.ts';
import { wrap } from '../brief/wrap.ts';
import type { Delivery } from '../night/deliver.ts';

/** How a brief reaches its readers. */
export type Channel =
  /** A mail to each of them, as HTML, text and PDF. */
  | { readonly kind: 'ses'; readonly from: string; readonly to: readonly string[] }
  /** A short text to those who subscribed to a topic. */
  | { readonly kind: 'sns' };

/** Names the topic as the recipient, so that its one message is sent once too. */
const SUBSCRIBERS = 'subscribers';

/** Somebody called these runs off: their briefs tell readers nothing. */
const CALLED_OFF = new Set(['Run.Cancelled', 'Run.NameTaken']);

/** The letters of a brief: the same at each call. None for a run that was called off. */
export function lettersOf(sent: Delivery, channel: Channel): Letter[] {
  const { runId, brief, pdf } = sent;
  if (brief.problem !== null && CALLED_OFF.has(brief.problem.error)) return [];
  const common = { about: `research#${runId}`, runId, subject: subjectOf(brief) };
  if (channel.kind === 'sns') return [{ ...common, from: SUBSCRIBERS, to: SUBSCRIBERS, text: shortText(sent) }];
  const letter = {
    ...common,
    from: channel.from,
    text: mailText(brief),
    html: mailHtml(brief),
    ...(pdf !== null && {
      attachments: [{ name: `competitor-brief-${brief.night}.pdf`, type: 'application/pdf', content: pdf }],
    }),
  };
  return channel.to.map((to) => ({ ...letter, to }));
}

/**
 * What fits a notification. It names the files and has no signed link: one that a role signs ends with the role's session,
 * within hours, and whoever the mail is forwarded to could open it.
 */
function shortText({ brief, place: { bucket, prefix } }: Delivery): string {
  const lines = [
    `Competitor brief, ${brief.night}`,
    ...firstLines(brief),
    '',
    'The whole brief is in brief.html, brief.pdf and brief.txt. To get it:',
    `  aws s3 cp --recursive s3://${bucket}/${prefix} brief`,
  ];
  return `${lines.flatMap((line) => (line.startsWith('  ') ? [line] : wrap(line))).join('\n')}\n`;
}

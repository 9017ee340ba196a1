import { sendOnce, type MailPorts } from '#core/mail/send-once.ts';
import type { Letter } from '#core/ports/mailer.ts';
import type { Digest } from './digest.ts';
import { digestHtml } from './html.ts';
import { digestText, titleOf } from './text.ts';

/** The letters of a digest: the same bytes whenever it is called. */
export const lettersOf = (digest: Digest, from: string, recipients: readonly string[]): Letter[] =>
  recipients.map((to) => ({
    about: `digest#${digest.id}#${digest.revision}`,
    from,
    to,
    subject: titleOf(digest),
    text: digestText(digest, { entries: 15, details: false }),
    html: digestHtml(digest),
    attachments: [
      {
        name: `${digest.id.replaceAll('/', '-')}.json`,
        type: 'application/json',
        content: new TextEncoder().encode(JSON.stringify(digest, null, 2)),
      },
    ],
  }));

/**
 * Mails a digest, once to each recipient. Returns the mails that were rejected or of which nobody knows. Throws if one is not
 * sent yet, so that it is called again.
 */
export async function mailDigest(
  ports: MailPorts & { readonly from: string },
  digest: Digest,
  recipients: readonly string[],
): Promise<number> {
  let unsent = 0;
  let waiting = 0;
  for (const letter of lettersOf(digest, ports.from, recipients)) {
    const outcome = await sendOnce(ports, letter);
    if (outcome.kind === 'later') waiting++;
    else if (outcome.kind !== 'sent') unsent++;
  }
  if (waiting > 0) throw new Error(`The digest ${digest.id} is not mailed to ${waiting} of its recipients yet.`);
  return unsent;
}

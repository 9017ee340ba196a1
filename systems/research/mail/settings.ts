import { z } from 'zod';
import { localTime } from '#core/parse/local-time.ts';

/** SES takes 50 recipients a message. Each gets a message here, and a longer list belongs to a mailing list. */
const MAX_RECIPIENTS = 50;

/** The address alone, as in `Brief <brief@example.com>`. */
export const addressOf = (mailbox: string): string => /<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox;

const isAddress = (text: string): boolean => z.email().max(320).safeParse(text).success;

const recipient = z.string().check(({ value, issues }) => {
  if (!isAddress(value)) {
    const message = `is no e-mail address: ${JSON.stringify(value)}. Write it as ada@example.com, or remove it`;
    issues.push({ code: 'custom', input: value, message });
  }
});

const recipients = z
  .array(recipient)
  .min(1)
  .max(MAX_RECIPIENTS, `must have at most ${MAX_RECIPIENTS} addresses. Use the address of a mailing list`)
  .check(({ value, issues }) => {
    const lower = value.map((address) => address.toLowerCase());
    for (const [index, address] of lower.entries()) {
      const first = lower.indexOf(address);
      if (first === index) continue;
      issues.push({ code: 'custom', input: address, path: [index], message: `repeats to.${first}. Remove it` });
    }
  });

const sender = z
  .string()
  .refine(
    (text) => isAddress(addressOf(text)) && /^[\u0020-\u007E]*$/.test(text),
    'must be an address like brief@example.com or Competitor brief <brief@example.com>, in ASCII',
  );

/** Part of the settings: who gets the brief. */
export const mailSettings = z
  .strictObject({
    /** Each gets a mail of their own. */
    to: recipients,
    /** The sender. Amazon SES must have verified it. @default none: recipients subscribe to an SNS topic and get a short text */
    from: sender.optional(),
    /** The identity in Amazon SES that the sender belongs to. @default the sender's domain */
    identity: z.string().min(1).optional(),
    /** Whether the stack creates the identity. Its DNS records are outputs. @default false: it is there already */
    createIdentity: z.boolean().default(false),
    /** Time zone of the times in the brief. @default that of the schedule, else UTC */
    zone: z.string().refine(isZone, 'must be an IANA time zone like Europe/Berlin').optional(),
  })
  .refine(({ from, identity, createIdentity }) => from !== undefined || (identity === undefined && !createIdentity), {
    path: ['from'],
    message: 'is required with an identity',
  });
export type MailSettings = z.infer<typeof mailSettings>;

function isZone(zone: string): boolean {
  try {
    localTime(0, zone);
    return true;
  } catch {
    return false;
  }
}

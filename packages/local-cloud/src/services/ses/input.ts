import { z } from 'zod';
import { ServiceError } from '../service.ts';

/** https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const MAX_RECIPIENTS = 50;
const MAX_HEADERS = 15;

const content = z.strictObject({ Data: z.string(), Charset: z.literal('UTF-8').optional() });
/** Headers that SES writes itself may not be given: https://docs.aws.amazon.com/ses/latest/dg/header-fields.html */
const OWN_HEADERS = /^(bcc|cc|content-|date|from|message-id|mime-version|reply-to|return-path|sender|subject|to$)/i;
const header = z.strictObject({
  Name: z
    .string()
    .regex(/^[\u0021-\u0039\u003B-\u007E]{1,126}$/)
    .refine((name) => !OWN_HEADERS.test(name), 'SES writes this header itself'),
  Value: z.string().regex(/^[\u0020-\u007E]{1,870}$/),
});
/** Bytes: base64 over HTTP, as they are in-process. */
const bytes = z.union([z.instanceof(Uint8Array), z.base64().transform((text) => Buffer.from(text, 'base64'))]);
const attachment = z.strictObject({
  FileName: z.string().min(1).max(255),
  RawContent: bytes,
  ContentType: z.string().optional(),
  ContentDisposition: z.enum(['ATTACHMENT', 'INLINE']).default('ATTACHMENT'),
  ContentId: z.string().optional(),
  ContentDescription: z.string().optional(),
  ContentTransferEncoding: z.enum(['BASE64', 'QUOTED_PRINTABLE', 'SEVEN_BIT']).optional(),
});
const addresses = z.array(z.string()).default([]);

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html */
export const sendEmailInput = z.strictObject({
  FromEmailAddress: z.string(),
  Destination: z.strictObject({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }),
  ReplyToAddresses: addresses,
  Content: z.strictObject({
    Simple: z.strictObject({
      Subject: content,
      Body: z
        .strictObject({ Text: content.optional(), Html: content.optional() })
        .refine((body) => body.Text !== undefined || body.Html !== undefined, 'needs Text, Html or both'),
      Headers: z.array(header).max(MAX_HEADERS).default([]),
      Attachments: z.array(attachment).default([]),
    }),
  }),
  ConfigurationSetName: z.string().optional(),
  EmailTags: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).default([]),
});
export type Message = z.output<typeof sendEmailInput>;

/** All who get a message. Throws SES's errors for too many and for what is no address. */
export function recipientsOf({ Destination: { ToAddresses, CcAddresses, BccAddresses } }: Message): string[] {
  const all = [...ToAddresses, ...CcAddresses, ...BccAddresses];
  if (all.length === 0) throw new ServiceError('BadRequestException', 'Destination must have at least one recipient.');
  if (all.length > MAX_RECIPIENTS)
    throw new ServiceError('BadRequestException', `Recipient count exceeds ${MAX_RECIPIENTS}.`);
  return all.map(addressOf);
}

/** The address alone, as in `Brief <brief@example.com>`. */
export function addressOf(given: string): string {
  const address = (/<([^<>]*)>\s*$/.exec(given)?.[1] ?? given).trim();
  if (!address.includes('@')) throw new ServiceError('BadRequestException', "Missing final '@domain'");
  if (!z.email().safeParse(address).success) throw new ServiceError('BadRequestException', 'Illegal address');
  return address;
}

import { type MailName, writeMailFile } from '../mail-file.ts';

interface Mail extends MailName {
  /** The display name of the sender. */
  readonly from: string;
  readonly subject: string;
  readonly text: string;
}

/** A mail of SNS: text alone. */
export const writeMail = (folder: string, mail: Mail): Promise<string> => writeMailFile(folder, mail, format(mail));

function format({ id, to, from, subject, text, sentAt }: Mail): string {
  const headers = {
    From: `${encodeWord(from)} <no-reply@sns.amazonaws.com>`,
    To: singleLine(to),
    Subject: encodeWord(subject),
    Date: new Date(sentAt).toUTCString().replace('GMT', '+0000'),
    'Message-ID': `<${id}@sns.amazonaws.com>`,
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Transfer-Encoding': '8bit',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${head.join('')}\r\n${text.replaceAll(/\r?\n/g, '\r\n')}\r\n`;
}

/** Removes line breaks, which would start another header. */
const singleLine = (value: string): string => value.replaceAll(/[\r\n]+/g, ' ');

/** Encodes header text that is not ASCII as an encoded word (RFC 2047). */
function encodeWord(value: string): string {
  const line = singleLine(value);
  return /^[\u0020-\u007E]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`;
}

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Mail {
  /** Unique among mails; a part of the file's name. */
  readonly id: string;
  readonly to: string;
  /** The name beside the sender's address. */
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/**
 * Writes a mail as an `.eml` file, which mail programs open. Its name begins with the time, so that a folder lists mails in
 * order. It appears whole: it is written under another name first.
 * @returns the file's path
 */
export async function writeMail(folder: string, mail: Mail): Promise<string> {
  await mkdir(folder, { recursive: true });
  const time = new Date(mail.sentAt).toISOString().replaceAll(/[:.]/g, '-');
  const to = mail.to.replaceAll(/[^\w.@+-]/g, '_');
  const path = join(folder, `${time} ${to} ${mail.id}.eml`);
  await writeFile(`${path}.new`, format(mail));
  await rename(`${path}.new`, path);
  return path;
}

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

/** A line break in a header would begin another header. */
const singleLine = (value: string): string => value.replaceAll(/[\r\n]+/g, ' ');

/** Header text beyond ASCII as an encoded word (RFC 2047). */
function encodeWord(value: string): string {
  const line = singleLine(value);
  return /^[\u0020-\u007E]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`;
}

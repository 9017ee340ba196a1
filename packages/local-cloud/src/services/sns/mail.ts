import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Mail {
  /** Unique among mails, and part of the file name. */
  readonly id: string;
  readonly to: string;
  /** The display name of the sender. */
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/**
 * Writes a mail as an `.eml` file, which mail programs can open. The file name starts with the time, so that a folder lists
 * mails in order. The file is renamed when complete.
 * @returns the path of the file
 */
export async function writeMail(folder: string, mail: Mail): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const time = new Date(mail.sentAt).toISOString().replaceAll(/[:.]/g, '-');
  const to = mail.to.replaceAll(/[^\w.@+-]/g, '_');
  const path = join(folder, `${time} ${to} ${mail.id}.eml`);
  await writeFile(`${path}.new`, format(mail), { mode: 0o600 });
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

/** Removes line breaks, which would start another header. */
const singleLine = (value: string): string => value.replaceAll(/[\r\n]+/g, ' ');

/** Encodes header text that is not ASCII as an encoded word (RFC 2047). */
function encodeWord(value: string): string {
  const line = singleLine(value);
  return /^[\u0020-\u007E]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`;
}

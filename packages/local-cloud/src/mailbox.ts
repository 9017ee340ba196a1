import { mkdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { OnEvent } from './events.ts';

/** Reports each new mail in the folder and returns a function that stops it. A rename makes each mail appear complete. */
export function watchMailbox(folder: string, onEvent: OnEvent): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const reported = new Set<string>();
  const watcher = watch(folder, { persistent: false }, (_kind, name) => {
    if (name?.endsWith('.eml') !== true || reported.has(name)) return;
    reported.add(name);
    const file = join(folder, name);
    const header = headersOf(file);
    onEvent({ code: 'mail.received', topic: header('From'), to: header('To'), subject: header('Subject'), file });
  });
  return () => watcher.close();
}

/** The headers of a mail by name, unfolded, and with encoded words (RFC 2047) decoded. */
function headersOf(file: string): (name: string) => string {
  const [head = ''] = readFileSync(file, 'utf8').split('\r\n\r\n');
  const headers = new Map(
    head
      .replaceAll(/\r\n(?=[ \t])/g, '')
      .split('\r\n')
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
  );
  return (name) => decoded(headers.get(name) ?? '');
}

/** White space between two encoded words is none of the text. */
const decoded = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_word, encoding: string, encoded: string) =>
      encoding.toUpperCase() === 'B' ? Buffer.from(encoded, 'base64').toString('utf8') : fromQ(encoded),
    );

function fromQ(encoded: string): string {
  const bytes = encoded
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9A-F]{2})/gi, (_hex, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

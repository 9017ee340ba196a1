import { mkdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { OnEvent } from './events.ts';

/** Tells of each mail that lands in the folder; returns what stops it. Mails appear whole, by a rename. */
export function watchMailbox(folder: string, onEvent: OnEvent): () => void {
  mkdirSync(folder, { recursive: true });
  const told = new Set<string>();
  const watcher = watch(folder, { persistent: false }, (_kind, name) => {
    if (name?.endsWith('.eml') !== true || told.has(name)) return;
    told.add(name);
    const file = join(folder, name);
    const header = headersOf(file);
    onEvent({ code: 'mail.received', topic: header('From'), to: header('To'), subject: header('Subject'), file });
  });
  return () => watcher.close();
}

/** Headers of a mail by name, encoded words (RFC 2047) decoded. */
function headersOf(file: string): (name: string) => string {
  const [head = ''] = readFileSync(file, 'utf8').split('\r\n\r\n');
  const headers = new Map(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  return (name) =>
    (headers.get(name) ?? '').replace(/=\?UTF-8\?B\?([^?]*)\?=/, (_word, base64: string) =>
      Buffer.from(base64, 'base64').toString('utf8'),
    );
}

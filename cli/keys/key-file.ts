import { readFileSync, writeFileSync } from 'node:fs';
import { KEY_PREFIX } from '#core/keys/key.ts';
import { UserError } from '../user-error.ts';
import { newKeyText } from './keeping.ts';

/**
 * Reads a file with the API key of a fleet on this machine. Null if there is none, or an empty one, as a crash may leave it.
 * Throws a `UserError` for anything that is not a key: the fleet would start, and reject every request.
 */
export function readKeyFile(file: string): string | null {
  const text = textOf(file);
  if (text === '') return null;
  if (isKey(text)) return text;
  throw new UserError(
    `${file} holds no API key: a key starts with ${KEY_PREFIX}.`,
    'Put the key back, or delete the file and start the fleet again, which writes a new key to it.',
  );
}

const isKey = (text: string): boolean => text.startsWith(KEY_PREFIX) && /^[\w-]{20,}$/.test(text);

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new UserError(`${file} cannot be read (${code}).`, 'It holds the API key: make it a file that you can read.');
  }
}

/** Writes a new key to a file that only this user can read. */
export function writeKeyFile(file: string): string {
  const key = newKeyText();
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return key;
}

import { createHash } from 'node:crypto';
import { startOf } from '#core/text/text.ts';

/** An id that is a file's name on every system as it is: no capitals, since some systems do not tell them apart. */
const PLAIN = /^[a-z0-9](?:[a-z0-9.-]{0,58}[a-z0-9])?$/;
/** Windows reserves these, whatever follows the dot. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;
/** An id that looks like a name that was made. */
const MADE = /-[0-9a-f]{12}$/;

/**
 * The name of a company's file. It depends on the id alone, so that it is the same every night. Two ids never have the same
 * name, also where capitals and accents are not told apart: a part of the id's hash tells them apart.
 */
export function fileName(id: string): string {
  if (PLAIN.test(id) && !RESERVED.test(id) && !MADE.test(id)) return id;
  const words = id
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${startOf(words, 40) || 'company'}-${createHash('sha256').update(id).digest('hex').slice(0, 12)}`;
}

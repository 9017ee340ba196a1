import { startOf } from '#core/text/text.ts';

/** A digital signature, as far as its dictionary says: who signed and when. */
export interface Signature {
  readonly name: string | null;
  /** As YYYY-MM-DD. */
  readonly date: string | null;
}

const REACH = 4_096;

/**
 * Finds the signatures of a file. pdf.js does not return them, but they are never compressed: each says which bytes of
 * the file it covers, so they stand in the file as they are. Nothing of it is verified.
 */
export function findSignatures(bytes: Uint8Array): readonly Signature[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Signature[] = [];
  for (let at = file.indexOf('/ByteRange'); at >= 0; at = file.indexOf('/ByteRange', at + 1)) {
    const signature = parse(dictionaryAround(file, at));
    if (signature !== null) found.push(signature);
  }
  return found;
}

/** One line for people: "Signed by Ann Alder on 2026-03-01". */
export const signatureLine = ({ name, date }: Signature): string =>
  `Signed${name === null ? '' : ` by ${name}`}${date === null ? '' : ` on ${date}`}`;

/** The text of the object around a place, without the long hexadecimal data of the signature. */
function dictionaryAround(file: Buffer, at: number): string {
  const before = file.toString('latin1', Math.max(0, at - 64 * REACH), at);
  const start = before.lastIndexOf(' obj');
  const after = file.toString('latin1', at, at + 64 * REACH);
  const end = after.indexOf('endobj');
  const whole = before.slice(start < 0 ? -REACH : start) + after.slice(0, end < 0 ? REACH : end);
  return whole.replaceAll(/\/Contents\s*<[\dA-Fa-f\s]*>?/g, '');
}

function parse(dictionary: string): Signature | null {
  const name = stringAfter(dictionary, '/Name');
  const [, year, month, day] = /^D?:?(\d{4})(\d\d)(\d\d)/.exec(stringAfter(dictionary, '/M') ?? '') ?? [];
  const date = year && month && day ? `${year}-${month}-${day}` : null;
  return name === null && date === null ? null : { name, date };
}

/** A PDF string, literal or in hexadecimal, after a key (ISO 32000-1, 7.3.4). */
function stringAfter(dictionary: string, key: string): string | null {
  const [, literal, hex] =
    new RegExp(`${key}\\s*(?:\\(((?:[^\\\\()]|\\\\[\\s\\S])*)\\)|<([\\dA-Fa-f\\s]*)>)`).exec(dictionary) ?? [];
  if (literal !== undefined) return decode(Buffer.from(unescape(literal), 'latin1'));
  return hex === undefined ? null : decode(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const unescape = (text: string): string =>
  text.replaceAll(/\\(?:([0-7]{1,3})|(\r\n|[\s\S]))/g, (_, octal: string | undefined, character: string) =>
    octal === undefined
      ? (ESCAPES[character] ?? character.replaceAll(/[\r\n]/g, ''))
      : String.fromCharCode(Number.parseInt(octal, 8) % 256),
  );

function decode(bytes: Buffer): string | null {
  const text = hasMark(bytes) ? Buffer.from(bytes.subarray(2)).swap16().toString('utf16le') : bytes.toString('latin1');
  const clean = text.replaceAll(/\p{Cc}/gu, ' ').trim();
  return clean === '' ? null : startOf(clean, 200);
}

const hasMark = (bytes: Buffer): boolean => bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0;

import { inflateSync } from 'node:zlib';
import { decodeAscii85 } from './ascii85.ts';

/**
 * Checks the bytes of a PDF without pdf.js, which repairs what it can and silently skips the rest: a file cut in half
 * opens with fewer pages, and a broken part ends early. A contract must not lose a clause that way.
 */

/** Whether the file is incomplete: it has objects after the last end mark, or no end mark at all. */
export function isCutOff(bytes: Uint8Array): boolean {
  const file = view(bytes);
  const end = Math.max(file.lastIndexOf('%%EOF'), file.lastIndexOf('startxref'));
  return end < 0 || objectAfter(file, end);
}

function objectAfter(file: Buffer, from: number): boolean {
  for (let at = file.indexOf(' obj', from); at >= 0; at = file.indexOf(' obj', at + 1)) {
    if (/\d\s+\d+$/.test(file.toString('latin1', Math.max(0, at - 16), at))) return true;
  }
  return false;
}

/** Whether the file is encrypted, even if only with an empty password. */
export const isEncrypted = (bytes: Uint8Array): boolean => /\/Encrypt\s*(\d+\s+\d+\s+R|<<)/.test(encryptContext(bytes));

function encryptContext(bytes: Uint8Array): string {
  const file = view(bytes);
  const contexts: string[] = [];
  for (let at = file.indexOf('/Encrypt'); at >= 0; at = file.indexOf('/Encrypt', at + 1)) {
    contexts.push(file.toString('latin1', at, at + 40));
  }
  return contexts.join('\n');
}

export type StreamVerdict = 'sound' | 'damaged' | 'too-large';

/** Part of a text document is never this large. Part of a compression bomb is. */
const MAX_PART_BYTES = 64 * 1_024 * 1_024;
const MAX_BYTES = 256 * 1_024 * 1_024;

/**
 * Inflates each compressed part that may contain text. Returns `damaged` if a part is truncated or fails its checksum,
 * and `too-large` if they unpack to more than a text document can contain. Not for encrypted files.
 */
export function inspectStreams(bytes: Uint8Array): StreamVerdict {
  const file = view(bytes);
  let left = MAX_BYTES;
  for (const { data, isAscii85 } of textStreams(file)) {
    const part = isAscii85 ? decodeAscii85(data) : data;
    if (part === null) return 'damaged';
    try {
      left -= inflateSync(part, { maxOutputLength: Math.min(MAX_PART_BYTES, left + 1) }).length;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'damaged';
    }
    if (left < 0) return 'too-large';
  }
  return 'sound';
}

/** Parts without text of the pages: pictures, fonts, colour profiles, metadata, attached files. */
const WITHOUT_TEXT = /\/(Image|EmbeddedFile|Metadata|Length1|Type1C|CIDFontType0C|OpenType|Alternate)\b/;
/** The filters of text. Some PDF writers add `ascii85` as the outer filter. */
const FILTERS = /\/Filter\s*\[?\s*(?<ascii85>\/ASCII85Decode\s*)?\/FlateDecode\s*[\]/>]/;
const DICTIONARY_REACH = 2_048;

function* textStreams(file: Buffer): Generator<{ readonly data: Buffer; readonly isAscii85: boolean }> {
  let at = file.indexOf('stream');
  while (at >= 0) {
    const start = dataStart(file, at);
    const end = start === null ? -1 : file.indexOf('endstream', start);
    if (start !== null && end >= 0) {
      const dictionary = dictionaryBefore(file, at);
      const filters = FILTERS.exec(dictionary);
      if (filters && !WITHOUT_TEXT.test(dictionary))
        yield { data: file.subarray(start, end), isAscii85: filters.groups?.['ascii85'] !== undefined };
    }
    at = file.indexOf('stream', end >= 0 ? end + 'endstream'.length : at + 'stream'.length);
  }
}

/** Where the data after the keyword begins, or null if this is not the keyword. */
function dataStart(file: Buffer, keyword: number): number | null {
  const after = keyword + 'stream'.length;
  if (file[after] === 0x0a) return after + 1;
  return file[after] === 0x0d && file[after + 1] === 0x0a ? after + 2 : null;
}

function dictionaryBefore(file: Buffer, keyword: number): string {
  const text = file.toString('latin1', Math.max(0, keyword - DICTIONARY_REACH), keyword);
  return text.slice(text.lastIndexOf(' obj') + 1);
}

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

import { inflate, type Inflated } from './inflate.ts';

/**
 * Checks of the bytes for what pdf.js repairs or skips without a word: a file cut in half opens with fewer pages, and a
 * form or an object stream with damaged data ends early. A contract must not lose a clause that way.
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

/**
 * Inflates the compressed forms and object streams. pdf.js does not check these, unlike the contents of pages, which
 * inflate-watch.ts checks unless they do not even begin like compressed data. Not for encrypted files.
 */
export function checkStreams(bytes: Uint8Array): Inflated['kind'] {
  for (const { data, dictionary } of deflatedStreams(view(bytes))) {
    if (INFLATED.test(dictionary)) {
      const { kind } = inflate(data);
      if (kind !== 'whole') return kind;
    } else if (!TYPED.test(dictionary) && !hasZlibHeader(data)) return 'damaged';
  }
  return 'whole';
}

/** A form must have its subtype, an object stream its type (ISO 32000-1, tables 95 and 16). Contents have neither. */
const INFLATED = /\/Subtype\s*\/Form\b|\/Type\s*\/ObjStm\b/;
const TYPED = /\/(Type|Subtype)\b/;

const hasZlibHeader = ([method = 0, flags = 0]: Uint8Array): boolean =>
  method % 16 === 8 && (method * 256 + flags) % 31 === 0;

const DEFLATED = /\/Filter\s*\[?\s*\/FlateDecode\s*[\]/>]/;
const DICTIONARY_REACH = 2_048;

function* deflatedStreams(file: Buffer): Generator<{ readonly data: Buffer; readonly dictionary: string }> {
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at)) {
    const start = dataStart(file, at);
    if (start === null) {
      at += 'stream'.length;
      continue;
    }
    const dictionary = dictionaryBefore(file, at);
    const end = dataEnd(file, start, dictionary);
    if (end < 0) return;
    if (DEFLATED.test(dictionary) && end > start) yield { data: file.subarray(start, end), dictionary };
    at = end + 'endstream'.length;
  }
}

/** Where the data after the keyword begins, or null if this is not the keyword. */
function dataStart(file: Buffer, keyword: number): number | null {
  const after = keyword + 'stream'.length;
  if (file[after] === 0x0a) return after + 1;
  return file[after] === 0x0d && file[after + 1] === 0x0a ? after + 2 : null;
}

/** Data end after their `/Length`, because they may contain the word endstream. A wrong length is ignored. */
function dataEnd(file: Buffer, start: number, dictionary: string): number {
  const length = lengthOf(file, dictionary);
  if (length !== null) {
    const tail = file.toString('latin1', start + length, start + length + 'endstream'.length + 4);
    if (/^\s{0,4}endstream/.test(tail)) return start + length;
  }
  return file.indexOf('endstream', start);
}

function lengthOf(file: Buffer, dictionary: string): number | null {
  const [, number, generation] = /\/Length\s+(\d+)(?:\s+(\d+)\s+R\b)?/.exec(dictionary) ?? [];
  if (number === undefined) return null;
  if (generation === undefined) return Number(number);
  const name = `\n${number} ${generation} obj`;
  const at = file.lastIndexOf(name);
  const value = at < 0 ? null : /^\s*(\d+)\s/.exec(file.toString('latin1', at + name.length, at + name.length + 24));
  return value ? Number(value[1]) : null;
}

function dictionaryBefore(file: Buffer, keyword: number): string {
  const text = file.toString('latin1', Math.max(0, keyword - DICTIONARY_REACH), keyword);
  return text.slice(text.lastIndexOf(' obj') + 1);
}

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

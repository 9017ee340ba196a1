import { dropUnseen } from '#core/web/plain.ts';

/**
 * A body that is not HTML without what its reader never sees: unseen characters, also where XML or JSON spells them as
 * references or escapes, and the comments of XML. What is left parses as before.
 */
export function readPlain(type: 'xml' | 'json' | 'text' | 'pdf', source: string): string {
  const text = dropUnseen(source.toWellFormed());
  if (type === 'xml') return withoutComments(text).replaceAll(REFERENCE, unlessUnseen);
  return type === 'json' ? text.replaceAll(ESCAPES, seenEscapes) : text;
}

const REFERENCE = /&#(?:[xX]([\da-fA-F]{1,6})|(\d{1,7}));/g;
const MAX_CODE_POINT = 0x10_ff_ff;

function unlessUnseen(reference: string, hex?: string, decimal?: string): string {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= MAX_CODE_POINT && dropUnseen(String.fromCodePoint(code)) === '' ? '' : reference;
}

/** Escapes in a row, since two of them spell one character above U+FFFF. */
const ESCAPES = /\\(?:u[\da-fA-F]{4}(?:\\u[\da-fA-F]{4})*|[^])/g;

function seenEscapes(escapes: string): string {
  if (!/^\\u[\da-fA-F]{4}/.test(escapes)) return escapes;
  const spelled = String(JSON.parse(`"${escapes}"`));
  const seen = dropUnseen(spelled);
  return seen === spelled ? escapes : JSON.stringify(seen).slice(1, -1);
}

const OPENINGS = /<!--|<!\[CDATA\[/g;

/** XML without its comments, in one pass. A comment without an end hides the rest. Within CDATA they are text. */
export function withoutComments(xml: string): string {
  const kept: string[] = [];
  let at = 0;
  for (const { 0: opening, index } of xml.matchAll(OPENINGS)) {
    if (index < at) continue;
    const closing = opening === '<!--' ? '-->' : ']]>';
    const end = xml.indexOf(closing, index + opening.length);
    if (opening === '<!--') kept.push(xml.slice(at, index));
    if (end < 0) return opening === '<!--' ? kept.join('') : [...kept, xml.slice(at)].join('');
    if (opening !== '<!--') kept.push(xml.slice(at, end + closing.length));
    at = end + closing.length;
  }
  return [...kept, xml.slice(at)].join('');
}

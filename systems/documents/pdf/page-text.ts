import type { PDFPageProxy } from 'unpdf/pdfjs';
import type { Field } from './fields.ts';
import { placeFields, type TextItem } from './place-fields.ts';

/** The text of a page, and whether the page may be a picture with only a stamp or a page number as text. */
export interface PageText {
  readonly text: string;
  /** Letters of the page's own content, without the values of its fields. */
  readonly letters: number;
  /** Whether there is no text between the bands at the page's edges. */
  readonly bodyEmpty: boolean;
}

/** The band at the top and bottom, as a share of the page's height, for running heads, page numbers and stamps. */
const BAND = 0.08;

/** Thrown when a document has more text than its limit. */
export class TextTooLong extends Error {}

/** Reads a page's text with the values of its fields. Throws `TextTooLong`, or the error of pdf.js. */
export async function readPageText(
  page: PDFPageProxy,
  fields: readonly Field[],
  maxCharacters: number,
): Promise<PageText> {
  const items = await readItems(page, maxCharacters);
  const isText = ({ str }: TextItem): boolean => str.trim() !== '';
  const text = placeFields(items, fields)
    .map(({ str, hasEOL }) => (hasEOL ? `${str}\n` : str))
    .join('');
  const letters = items.reduce((sum, { str }) => sum + str.replaceAll(/\s/g, '').length, 0);
  return { text, letters, bodyEmpty: !items.some((item) => isText(item) && inBody(page, item.transform)) };
}

/** The limit is checked while text arrives, because a page can draw the same form a billion times. */
async function readItems(page: PDFPageProxy, maxCharacters: number): Promise<TextItem[]> {
  const reader = page.streamTextContent().getReader();
  const items: TextItem[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: { items: readonly TextItem[] } };
    if (done || !value) return items;
    for (const item of value.items) {
      items.push(item);
      length += item.str.length;
    }
    if (length > maxCharacters) {
      const error = new TextTooLong();
      await reader.cancel(error);
      throw error;
    }
  }
}

function inBody(page: PDFPageProxy, transform: readonly number[]): boolean {
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
  const upright = page.rotate % 180 === 0;
  const [at, from, to] = upright ? [transform[5] ?? 0, bottom, top] : [transform[4] ?? 0, left, right];
  const share = (at - from) / (to - from);
  return share > BAND && share < 1 - BAND;
}

/** Bullets and logos from symbol fonts also use private codes. A few of them are normal. */
const MAX_UNDECODED = 0.1;

/** Whether a page's fonts do not say which letters its text has. */
export function isGarbled(text: string): boolean {
  let [letters, undecoded] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) continue;
    letters += 1;
    if (isUndecoded(code)) undecoded += 1;
  }
  return undecoded > letters * MAX_UNDECODED;
}

/** Codes that do not occur in text: control codes, private use, and the mark of a failed decoding. */
const isUndecoded = (code: number): boolean =>
  code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0xe000 && code <= 0xf8ff) || code === 0xfffd;

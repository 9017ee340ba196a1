import type { PDFPageProxy } from 'unpdf/pdfjs';
import type { Field } from './fields.ts';
import { placeFields, type TextItem } from './place-fields.ts';
import { inReadingOrder } from './right-to-left.ts';

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

/** Joins what a page says with the values of its fields. */
export function composeText(items: readonly TextItem[], fields: readonly Field[], page: PDFPageProxy): PageText {
  const text = placeFields(inReadingOrder(items), fields)
    .map(({ str, hasEOL }) => (hasEOL ? `${str}\n` : str))
    .join('');
  const letters = items.reduce((sum, { str }) => sum + str.replaceAll(/\s/g, '').length, 0);
  return { text, letters, bodyEmpty: !items.some((item) => isWord(item) && inBody(page, item.transform)) };
}

/** Bullets and lines are no text. */
const isWord = ({ str }: TextItem): boolean => /[\p{L}\p{N}]/u.test(str);

/**
 * Reads the words of a page's content. Throws `TextTooLong`, or the error of pdf.js. The limit is checked while text
 * arrives, because a page can draw the same form a billion times.
 */
export async function readItems(page: PDFPageProxy, maxCharacters: number): Promise<TextItem[]> {
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

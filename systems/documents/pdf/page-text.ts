import type { PDFPageProxy } from 'unpdf/pdfjs';

/** What a page says, and whether it may be a picture that only carries a stamp or a page number as text. */
export interface PageText {
  readonly text: string;
  /** Whether no text stands between the page's outer bands. */
  readonly bodyEmpty: boolean;
}

/** Share of the page's height at top and bottom that running heads, page numbers and stamps stand in. */
const BAND = 0.08;

/** Reads a page's text; stops with a `RangeError` after `most` characters. */
export async function readPageText(page: PDFPageProxy, most: number): Promise<PageText> {
  const reader = page.streamTextContent().getReader();
  const parts: string[] = [];
  let length = 0;
  let bodyEmpty = true;
  for (;;) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: { items: readonly TextItem[] } };
    if (done || !value) break;
    for (const { str, hasEOL, transform } of value.items) {
      parts.push(str);
      if (hasEOL) parts.push('\n');
      length += str.length;
      if (bodyEmpty && str.trim() !== '' && inBody(page, transform)) bodyEmpty = false;
    }
    if (length > most) {
      await reader.cancel(new Error('The text is too long.'));
      throw new RangeError(`A page has more than ${most} characters.`);
    }
  }
  return { text: parts.join(''), bodyEmpty };
}

/** The part of pdf.js's text item that is used here. */
interface TextItem {
  readonly str: string;
  readonly hasEOL: boolean;
  /** [a, b, c, d, x, y], in the page's own coordinates. */
  readonly transform: readonly number[];
}

function inBody(page: PDFPageProxy, transform: readonly number[]): boolean {
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
  const upright = page.rotate % 180 === 0;
  const [at, from, to] = upright ? [transform[5] ?? 0, bottom, top] : [transform[4] ?? 0, left, right];
  const place = (at - from) / (to - from);
  return place > BAND && place < 1 - BAND;
}

/** Characters that no text has: control codes, private use, and what stands for a failed decoding. */
const UNDECODED = /[[\p{Cc}\p{Co}\p{Cn}\ufffd]--[\t\n\v\f\r]]/gv;
/** Bullets and logos from symbol fonts are private use too: a few of them are normal. */
const MOST_UNDECODED = 0.1;

/** Whether a page's letters could not be told from its fonts. */
export function isGarbled(text: string): boolean {
  const letters = text.replaceAll(/[ \t\n\v\f\r]+/g, '').length;
  const undecoded = text.match(UNDECODED)?.length ?? 0;
  return undecoded > letters * MOST_UNDECODED;
}

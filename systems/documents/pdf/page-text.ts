import type { PDFPageProxy } from 'unpdf/pdfjs';

/** What a page says, and whether it may be a picture that only carries a stamp or a page number as text. */
export interface PageText {
  readonly text: string;
  /** Whether no text stands between the page's outer bands. */
  readonly bodyEmpty: boolean;
}

/** Share of the page's height at top and bottom that running heads, page numbers and stamps stand in. */
const BAND = 0.08;

/** What reading may take: looked at as the text comes in, since a page can draw the same form a billion times over. */
export interface Limits {
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly maxCharacters: number;
}

/** Thrown when a document goes beyond its limits. */
export class BeyondLimits extends Error {}

/** Reads a page's text. Throws `BeyondLimits`, or what pdf.js says of a page it can't read. */
export async function readPageText(page: PDFPageProxy, limits: Limits): Promise<PageText> {
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
    if (length > limits.maxCharacters || performance.now() > limits.deadline) {
      const error = new BeyondLimits('The document takes more than it may.');
      await reader.cancel(error);
      throw error;
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

/** Bullets and logos from symbol fonts are private use too: a few of them are normal. */
const MAX_UNDECODED = 0.1;

/** Whether a page's letters could not be told from its fonts. */
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

/** Codes that no text has: control codes, private use, and what stands for a failed decoding. */
const isUndecoded = (code: number): boolean =>
  code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0xe000 && code <= 0xf8ff) || code === 0xfffd;

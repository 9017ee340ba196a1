import type { PDFPageProxy } from 'unpdf/pdfjs';

/** The text of a page, and whether the page may be a picture with only a stamp or a page number as text. */
export interface PageText {
  readonly text: string;
  /** Whether there is no text between the bands at the page's edges. */
  readonly bodyEmpty: boolean;
}

/** The band at the top and bottom, as a share of the page's height, for running heads, page numbers and stamps. */
const BAND = 0.08;

/** The limits of reading, checked while text arrives, because a page can draw the same form a billion times. */
export interface Limits {
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly maxCharacters: number;
}

/** Thrown when a document exceeds its limits. */
export class LimitExceeded extends Error {}

/** Reads a page's text. Throws `LimitExceeded`, or the error of pdf.js if it cannot read the page. */
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
      const error = new LimitExceeded('The document exceeds its limits.');
      await reader.cancel(error);
      throw error;
    }
  }
  return { text: parts.join(''), bodyEmpty };
}

/** The part of pdf.js's text item used here. */
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

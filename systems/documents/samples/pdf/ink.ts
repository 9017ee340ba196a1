import type PdfKit from 'pdfkit';
import { Raster } from './raster.ts';

type Document = InstanceType<typeof PdfKit>;

/** A word on its line. `x` is measured from the left edge of the page, in points. */
export interface Placed {
  readonly text: string;
  readonly face: string;
  readonly x: number;
  readonly width: number;
}

/** Internals of pdfkit: how a page registers the fonts of its content. */
interface FontTable {
  readonly _font: { readonly id: string; ref(): unknown };
  readonly page: { readonly fonts: Record<string, unknown> };
}

/**
 * Draws lines of text and rules on the pages of a pdfkit document. It writes the text operators itself, because
 * pdfkit's `text` looks up the kerning of every pair of letters: a contract would take 16 ms or more instead of 6.
 *
 * A page that becomes a scan gets no text. Everything goes into a picture that `finish` places on the page.
 */
export class Ink {
  readonly #doc: Document;
  readonly #isScan: (page: number) => boolean;
  readonly #scans = new Map<number, Raster>();
  #page = -1;

  constructor(doc: Document, isScan: (page: number) => boolean) {
    this.#doc = doc;
    this.#isScan = isScan;
  }

  /** The first page is 0. */
  get page(): number {
    return this.#page;
  }

  newPage(): void {
    this.#doc.addPage();
    this.#page++;
    if (this.#isScan(this.#page)) this.#scans.set(this.#page, new Raster(this.#doc.page.width, this.#doc.page.height));
  }

  /** Returns to an earlier page, for headers and footers that state the number of pages. */
  turnTo(page: number): void {
    this.#doc.switchToPage(page);
    this.#page = page;
  }

  /** Width in points. The widths of characters are cached for all documents. */
  width(text: string, face: string, size: number): number {
    let widths = widthsOf.get(face);
    if (widths === undefined) widthsOf.set(face, (widths = new Map()));
    let sum = 0;
    for (const character of text) {
      let width = widths.get(character);
      if (width === undefined) {
        width = this.#doc.font(face).fontSize(1000).widthOfString(character) / 1000;
        widths.set(character, width);
      }
      sum += width;
    }
    return sum * size;
  }

  /** Writes one line. Consecutive words in the same face become one text operator. */
  line(words: readonly Placed[], baseline: number, size: number, spaces: 'typed' | 'positioned'): void {
    const scan = this.#scans.get(this.#page);
    let rest = words;
    while (rest.length > 0) {
      const face = rest[0]?.face;
      const end = rest.findIndex((word) => word.face !== face);
      const run = end < 0 ? rest : rest.slice(0, end);
      rest = rest.slice(run.length);
      if (scan === undefined) this.#run(run, baseline, size, spaces, rest.length > 0);
      else for (const { text, x, width } of run) scan.word(text, x, baseline, width, size);
    }
  }

  rule(left: number, y: number, right: number, weight = 0.5): void {
    const scan = this.#scans.get(this.#page);
    if (scan === undefined) this.#doc.lineWidth(weight).moveTo(left, y).lineTo(right, y).stroke();
    else scan.rectangle(left, y, right - left, 1);
  }

  /** Places the pictures on the pages that are scans. */
  finish(retouch: (scan: Raster) => void): void {
    for (const [page, scan] of this.#scans) {
      retouch(scan);
      this.turnTo(page);
      this.#doc.image(scan.png(), 0, 0, { width: this.#doc.page.width, height: this.#doc.page.height });
    }
  }

  #run(words: readonly Placed[], baseline: number, size: number, spaces: 'typed' | 'positioned', more: boolean): void {
    const [first, second] = words;
    if (first === undefined) return;
    const font = this.#useFont(first.face);
    const gap = second === undefined ? 0 : second.x - first.x - first.width;
    const space = this.width(' ', first.face, size);
    // pdfkit flips the page, so that y grows downwards. The -1 flips the text back.
    const start = `BT /${font} ${size} Tf 1 0 0 -1 ${number(first.x)} ${number(baseline)} Tm`;
    const texts = words.map(({ text }) => winAnsi(text));
    if (spaces === 'typed') {
      const stretch = second === undefined ? 0 : gap - space;
      this.#doc.addContent(`${start} ${number(stretch)} Tw (${texts.join(' ')}${more ? ' ' : ''}) Tj ET`);
    } else {
      this.#doc.addContent(`${start} [(${texts.join(`) ${number((-1000 * gap) / size)} (`)})] TJ ET`);
    }
  }

  #useFont(face: string): string {
    const { _font: font, page } = this.#doc.font(face) as unknown as FontTable;
    page.fonts[font.id] ??= font.ref();
    return font.id;
  }
}

const widthsOf = new Map<string, Map<string, number>>();

/** Bytes 0x80–0x9F of WinAnsiEncoding (PDF 32000-1, annex D). The others are the same as in Latin-1. */
const WIN_ANSI = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ';

/** Encodes the content of a PDF string, one character per byte. */
function winAnsi(text: string): string {
  let bytes = '';
  for (const character of text) {
    const high = WIN_ANSI.indexOf(character);
    const code = high >= 0 ? 0x80 + high : character.charCodeAt(0);
    if (code > 0xff)
      throw new RangeError(
        `"${character}" in "${text}" is not in WinAnsiEncoding, so the standard fonts cannot show it.`,
      );
    bytes +=
      character === '(' || character === ')' || character === '\\' ? `\\${character}` : String.fromCharCode(code);
  }
  return bytes;
}

function number(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

import { buffer } from 'node:stream/consumers';
import PdfKit from 'pdfkit';
import { shorten } from '#core/text/text.ts';
import type { Fonts } from './fonts/fonts.ts';

/** A4, in points. */
const PAGE = { width: 595.28, height: 841.89 };
const MARGIN = 40;
export const LEFT = MARGIN;
export const WIDTH = PAGE.width - 2 * MARGIN;
/** Below it only the foot of the page stands. */
const BOTTOM = PAGE.height - 56;

/** Stands for a character that the fonts lack. */
const LACKING = '\u{fffd}';
/** PDFKit sets each word alone. */
const BETWEEN_RIGHT_TO_LEFT = /(?<=[\p{sc=Arab}\p{sc=Hebr}]) (?=[\p{sc=Arab}\p{sc=Hebr}])/gu;
const INVISIBLE = /[\p{Cc}\p{Cf}]/u;

export interface Ink {
  readonly size?: number;
  readonly bold?: boolean;
  readonly color?: string;
  readonly x?: number;
  readonly width?: number;
  /** Lines that it may take, with `…` at the end of the last one. @default all */
  readonly lines?: number;
  readonly align?: 'left' | 'right';
}

/** PDFKit's current font: its types do not have it. */
interface WithFont {
  readonly _font: { readonly font: { hasGlyphForCodePoint(point: number): boolean } };
}

/** Pages on which text and bars are drawn from top to bottom. */
export class Sheet {
  y = MARGIN;
  /** Characters that the fonts lack: shown as `�`. */
  lacking = 0;
  readonly #doc: PDFKit.PDFDocument;
  readonly #bytes: Promise<Buffer>;
  readonly #has: Record<'regular' | 'bold', (point: number) => boolean>;

  /** @param created in the file: equal arguments make equal bytes */
  constructor(fonts: Fonts, title: string, created: Date) {
    this.#doc = new PdfKit({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      lang: 'en',
      displayTitle: true,
      // Neither Helvetica, nor one of ours: PDFKit would parse it anew each time it is chosen by its name.
      font: null as unknown as string,
      info: { Title: title, CreationDate: created },
    });
    // Starts to read before the end, which writes all at once.
    this.#bytes = buffer(this.#doc);
    this.#doc.registerFont('regular', fonts.regular).registerFont('bold', fonts.bold);
    const glyphsOf = (face: 'regular' | 'bold') => {
      const {
        _font: { font },
      } = this.#doc.font(face) as unknown as WithFont;
      return (point: number): boolean => font.hasGlyphForCodePoint(point);
    };
    this.#has = { regular: glyphsOf('regular'), bold: glyphsOf('bold') };
  }

  /** Points left on the page. */
  get room(): number {
    return BOTTOM - this.y;
  }

  newPage(): void {
    this.#doc.addPage();
    this.y = MARGIN;
  }

  /** The points that a text would take. */
  heightOf(words: string, ink: Ink = {}): number {
    const { size = 9, width = WIDTH, lines = Number.POSITIVE_INFINITY } = ink;
    this.#doc.font(ink.bold === true ? 'bold' : 'regular').fontSize(size);
    const line = this.#doc.currentLineHeight(true);
    // Setting a text is slow, and one line is one line.
    return lines === 1 ? line : Math.min(this.#doc.heightOfString(words, { width }), lines * line);
  }

  /** Draws a text at the current height, which it leaves unchanged. @returns its height */
  put(words: string, ink: Ink = {}): number {
    const { bold = false, color = '#1c2430', x = LEFT, width = WIDTH, align = 'left' } = ink;
    const { size = 9, lines } = ink;
    // PDFKit shortens to a line letter by letter, each time from the start. No letter is narrower than a quarter of its size.
    const most = lines === undefined ? words.length : Math.ceil((4 * lines * width) / size);
    const shown = this.#shown(shorten(words, most), bold ? 'bold' : 'regular');
    const height = this.heightOf(shown, ink);
    this.#doc
      .fillColor(color)
      // Half a point, since heights are sums of fractions.
      .text(shown, x, this.y, { width, align, height: height + 0.5, ellipsis: true });
    return height;
  }

  /** Draws a text and goes below it. */
  line(words: string, ink: Ink & { readonly after?: number } = {}): void {
    this.y += this.put(words, ink) + (ink.after ?? 3);
  }

  heading(words: string): void {
    this.y += 5;
    this.#doc
      .moveTo(LEFT, this.y)
      .lineTo(LEFT + WIDTH, this.y)
      .lineWidth(1)
      .stroke('#10305c');
    this.y += 5;
    this.line(words, { size: 11, bold: true, color: '#10305c' });
  }

  /** A thin line at the current height. */
  rule(): void {
    this.#doc
      .moveTo(LEFT, this.y)
      .lineTo(LEFT + WIDTH, this.y)
      .lineWidth(0.5)
      .stroke('#dde2e8');
  }

  /** A chart at the current height. A height of null leaves a gap. @param heights parts of the chart's, from 0 to 1 */
  bars(heights: readonly (number | null)[], x: number, width: number, height: number): void {
    // Few nights have narrow bars too.
    const step = Math.min(width / heights.length, height);
    for (const [index, part] of heights.entries()) {
      if (part === null) continue;
      const bar = Math.max(0.5, part * height);
      this.#doc.rect(x + index * step, this.y + height - bar, Math.max(0.6, step - 0.8), bar).fill('#1a5fb4');
    }
  }

  /** Writes the foot of each page and returns the file. */
  async finish(foot: string): Promise<Uint8Array> {
    const { count } = this.#doc.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.#doc.switchToPage(page);
      this.y = PAGE.height - 40;
      const ink = { size: 7, color: '#56606e' };
      this.put(foot, { ...ink, width: WIDTH - 60, lines: 2 });
      this.put(`${page + 1} / ${count}`, { ...ink, align: 'right' });
    }
    this.#doc.end();
    return new Uint8Array(await this.#bytes);
  }

  /** A text of which every character has a glyph, and whose words from right to left stay together. */
  #shown(words: string, face: 'regular' | 'bold'): string {
    const characters = Array.from(words.normalize('NFC').toWellFormed(), (character) => {
      if (INVISIBLE.test(character)) return '';
      if (this.#has[face](character.codePointAt(0) ?? 0)) return character;
      this.lacking += 1;
      return LACKING;
    });
    return characters.join('').replaceAll(BETWEEN_RIGHT_TO_LEFT, '\u{a0}');
  }
}

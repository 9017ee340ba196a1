import type { Glyph } from './page-fonts.ts';

/** A coordinate system within another: [a, b, c, d, x, y]. */
export type Matrix = readonly [number, number, number, number, number, number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** A glyph, or a number that moves the next one to the left by thousandths of the font's size. */
export type Shown = Glyph | number | null;

/** Gap from which words are apart, and distance from which lines are, as shares of the font's size. */
const WORD_GAP = 0.15;
const LINE_GAP = 0.4;

/**
 * The text that a page's operators draw. pdf.js gives no other access to the words of stamps and signatures, and its
 * text layer leaves out what it believes to be outside the page.
 */
export class DrawnText {
  text = '';
  #line: Matrix = IDENTITY;
  /** How far the pen is from the start of its line, in the line's coordinates. */
  #pen = 0;
  #leading = 0;
  /** Where the last text ended, in the page's coordinates. */
  #end: readonly [number, number] | null = null;

  begin(): void {
    this.place(IDENTITY);
  }

  place(line: Matrix): void {
    this.#line = line;
    this.#pen = 0;
  }

  move(x: number, y: number): void {
    this.place(multiply(this.#line, [1, 0, 0, 1, x, y]));
  }

  setLeading(leading: number): void {
    this.#leading = leading;
  }

  nextLine(): void {
    this.move(0, -this.#leading);
  }

  /** Adds glyphs. Returns where they begin, and whether they begin a line. */
  show(glyphs: readonly Shown[], size: number, matrix: Matrix): { readonly at: Matrix; readonly startsLine: boolean } {
    const at = multiply(matrix, multiply(this.#line, [1, 0, 0, 1, this.#pen, 0]));
    this.#separate(at, size);
    const startsLine = this.text === '' || this.text.endsWith('\n');
    for (const glyph of glyphs) this.#add(glyph, size);
    const [, , , , x, y] = multiply(matrix, multiply(this.#line, [1, 0, 0, 1, this.#pen, 0]));
    this.#end = [x, y];
    return { at, startsLine };
  }

  #add(glyph: Shown, size: number): void {
    if (glyph === null) return;
    if (typeof glyph === 'number') {
      this.#pen -= (glyph * size) / 1_000;
      if (glyph < -WORD_GAP * 1_000) this.text += ' ';
      return;
    }
    this.#pen += ((glyph.width ?? 500) * size) / 1_000;
    this.text += glyph.unicode;
  }

  #separate([a, b, c, d, x, y]: Matrix, size: number): void {
    if (this.#end === null) return;
    const width = Math.hypot(a, b) || 1;
    const height = Math.hypot(c, d) * size || 1;
    const [dx, dy] = [x - this.#end[0], y - this.#end[1]];
    const along = (dx * a + dy * b) / width;
    const across = (dy * a - dx * b) / width;
    if (Math.abs(across) > LINE_GAP * height || along < -height) this.text += '\n';
    else if (along > WORD_GAP * height && !/\s$/.test(this.text)) this.text += ' ';
  }
}

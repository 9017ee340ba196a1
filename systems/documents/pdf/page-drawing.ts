import { OPS, type PDFPageProxy } from 'unpdf/pdfjs';

/** How much is drawn on a page. */
export interface Drawing {
  /** Share of the page's area that its largest picture covers, 0 to 1. */
  readonly picture: number;
  /** Filled or stroked shapes. Each letter turned into an outline is one. */
  readonly shapes: number;
  /** Letters shown, whether or not they can be decoded. */
  readonly letters: number;
}

type Matrix = readonly [number, number, number, number, number, number];

/**
 * Measures what is drawn on a page of a document opened with `maxImageSize: 0`. pdf.js then skips every picture before
 * it decodes it, which saves seconds and hundreds of megabytes. All that remains of a picture is the transform that
 * would have placed it (a picture fills the unit square), with nothing painted under it.
 */
export async function measureDrawing(page: PDFPageProxy): Promise<Drawing> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
  const area = Math.max(1, Math.abs((right - left) * (top - bottom)));
  const outer: Matrix[] = [];
  let matrix: Matrix = IDENTITY;
  let placed = 0;
  let picture = 0;
  let shapes = 0;
  let letters = 0;
  for (const [index, operator] of fnArray.entries()) {
    if (operator === OPS.transform) {
      matrix = multiply(matrix, argsArray[index] as Matrix);
      placed = Math.abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / area;
    } else if (operator === OPS.save || operator === OPS.paintFormXObjectBegin) {
      outer.push(matrix);
      const [inner] = (argsArray[index] as [Matrix | null] | null) ?? [null];
      if (inner) matrix = multiply(matrix, inner);
      placed = 0;
    } else if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd) {
      picture = Math.max(picture, placed);
      matrix = outer.pop() ?? matrix;
      placed = 0;
    } else if (operator === OPS.constructPath || operator === OPS.shadingFill) {
      shapes += 1;
      placed = 0;
    } else if (operator === OPS.showText) {
      letters += lettersOf(argsArray[index] as [readonly Glyph[]]);
      placed = 0;
    }
  }
  return { picture: Math.min(1, Math.max(picture, placed)), shapes, letters };
}

/** A glyph, or a number that moves the next one. */
type Glyph = { readonly unicode: string } | number;

const lettersOf = ([glyphs]: readonly [readonly Glyph[]]): number =>
  glyphs.filter((glyph) => typeof glyph === 'object' && !/^\s+$/.test(glyph.unicode)).length;

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

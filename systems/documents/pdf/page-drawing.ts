import { OPS, type PDFPageProxy } from 'unpdf/pdfjs';
import { fontsOf, type Glyph } from './page-fonts.ts';

/** How much is drawn on a page. */
export interface Drawing {
  /** Share of the page's area that its largest picture covers, 0 to 1. */
  readonly picture: number;
  /** Filled or stroked shapes. Each letter turned into an outline is one. */
  readonly shapes: number;
  /** Letters shown, whether or not they can be decoded. */
  readonly letters: number;
  /** Those of them whose font does not say which letters they are. */
  readonly undecoded: number;
}

type Matrix = readonly [number, number, number, number, number, number];

/** The part of the graphics state used here. */
interface State {
  readonly matrix: Matrix;
  readonly font: string | null;
}

/**
 * Measures what is drawn on a page of a document opened with `maxImageSize: 0`. pdf.js then skips every picture before
 * it decodes it, which saves seconds and hundreds of megabytes. All that remains of a picture is the transform that
 * would have placed it (a picture fills the unit square), with nothing painted under it.
 */
export async function measureDrawing(page: PDFPageProxy): Promise<Drawing> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
  const area = Math.max(1, Math.abs((right - left) * (top - bottom)));
  const fonts = fontsOf(page);
  const outer: State[] = [];
  let state: State = { matrix: IDENTITY, font: null };
  let placed = 0;
  let picture = 0;
  let shapes = 0;
  let [letters, undecoded] = [0, 0];
  for (const [index, operator] of fnArray.entries()) {
    if (operator === OPS.transform) {
      state = { ...state, matrix: multiply(state.matrix, argsArray[index] as Matrix) };
      placed = Math.abs(state.matrix[0] * state.matrix[3] - state.matrix[1] * state.matrix[2]) / area;
    } else if (operator === OPS.save || operator === OPS.paintFormXObjectBegin) {
      outer.push(state);
      const [inner] = (argsArray[index] as [Matrix | null] | null) ?? [null];
      if (inner) state = { ...state, matrix: multiply(state.matrix, inner) };
      placed = 0;
    } else if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd) {
      picture = Math.max(picture, placed);
      state = outer.pop() ?? state;
      placed = 0;
    } else if (operator === OPS.constructPath || operator === OPS.shadingFill) {
      shapes += 1;
      placed = 0;
    } else if (operator === OPS.setFont) {
      state = { ...state, font: (argsArray[index] as [string])[0] };
    } else if (operator === OPS.setGState) {
      state = { ...state, font: fontIn(argsArray[index] as GraphicsStates) ?? state.font };
    } else if (operator === OPS.showText) {
      const glyphs = visible(argsArray[index] as [readonly Shown[]]);
      const isUnknown = !fonts.has(state.font);
      letters += isUnknown ? UNKNOWN_TEXT : glyphs.length;
      undecoded += isUnknown ? UNKNOWN_TEXT : glyphs.filter((glyph) => !fonts.says(state.font, glyph)).length;
      placed = 0;
    }
  }
  return { picture: Math.min(1, Math.max(picture, placed)), shapes, letters, undecoded };
}

/** A text in a font that pdf.js cannot read has no glyphs. It counts as this many letters. */
const UNKNOWN_TEXT = 20;

/** A glyph, or a number that moves the next one. */
type Shown = Glyph | number;
type GraphicsStates = readonly [readonly (readonly [key: string, value: unknown])[]];

const visible = ([shown]: readonly [readonly Shown[]]): Glyph[] =>
  shown.filter((glyph) => typeof glyph === 'object' && !/^\s+$/.test(glyph.unicode)) as Glyph[];

function fontIn([states]: GraphicsStates): string | undefined {
  const value = states.find(([key]) => key === 'Font')?.[1];
  return Array.isArray(value) && typeof value[0] === 'string' ? value[0] : undefined;
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

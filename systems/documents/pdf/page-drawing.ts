import { OPS, type PDFPageProxy } from 'unpdf/pdfjs';
import { DrawnText, IDENTITY, multiply, type Matrix, type Shown } from './drawn-text.ts';
import { fontsOf, type Fonts, type Glyph } from './page-fonts.ts';
import { isUndecoded } from './undecoded.ts';

/** What a page's content draws, or the appearance of one annotation. */
export interface Drawn {
  /** The letters in the order in which they are drawn. */
  readonly text: string;
  /** Share of the page's area that the largest picture covers, 0 to 1. */
  readonly picture: number;
  /** Filled or stroked shapes. Each letter turned into an outline is one. */
  readonly shapes: number;
  /** Letters on the page, whether or not they can be decoded. */
  readonly letters: number;
  /** Those of them whose font does not say which letters they are, without bullets. */
  readonly undecoded: number;
}

export interface Drawing {
  readonly content: Drawn;
  /** What annotations show, such as form fields, stamps and signatures, by their id in pdf.js. */
  readonly annotations: ReadonlyMap<string, Drawn>;
}

/**
 * Measures what is drawn on a page of a document opened with `maxImageSize: 0`. pdf.js then skips every picture before
 * it decodes it, which saves seconds and hundreds of megabytes. All that remains of a picture is the transform that
 * would have placed it (a picture fills the unit square), with nothing painted under it.
 */
export async function measureDrawing(page: PDFPageProxy): Promise<Drawing> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const fonts = fontsOf(page);
  const content = new Canvas(page.view, fonts);
  const annotations = new Map<string, Canvas>();
  let canvas = content;
  for (const [index, operator] of fnArray.entries()) {
    const args = argsArray[index] as readonly unknown[] | null;
    if (operator === OPS.beginAnnotation) {
      canvas = new Canvas(page.view, fonts);
      annotations.set(String(args?.[0]), canvas);
    } else if (operator === OPS.endAnnotation) canvas = content;
    else canvas.draw(operator, args ?? []);
  }
  return {
    content: content.drawn(),
    annotations: new Map([...annotations].map(([id, canvas]) => [id, canvas.drawn()])),
  };
}

/** The part of the graphics state used here. */
interface State {
  readonly matrix: Matrix;
  readonly font: string | null;
  readonly size: number;
}

/** A text in a font that pdf.js cannot read has no glyphs. It counts as this many letters. */
const UNKNOWN_TEXT = 20;
/** A font whose undecoded glyphs are at most this many shapes, each alone at the start of a line, draws bullets. */
const BULLET_SHAPES = 3;

type Draw = (args: readonly unknown[]) => void;

/** Follows the operators of one drawing. */
class Canvas {
  readonly #view: readonly number[];
  readonly #fonts: Fonts;
  readonly #text = new DrawnText();
  readonly #outer: State[] = [];
  #state: State = { matrix: IDENTITY, font: null, size: 1 };
  /** The area of the unit square under the last transform, if nothing has been painted since. */
  #placed = 0;
  #picture = 0;
  #shapes = 0;
  #letters = 0;
  #undecoded = 0;
  readonly #bullets = new Map<string | null, Bullets>();

  constructor(view: readonly number[], fonts: Fonts) {
    this.#view = view;
    this.#fonts = fonts;
  }

  draw(operator: number, args: readonly unknown[]): void {
    this.#operators.get(operator)?.(args);
  }

  drawn(): Drawn {
    const bullets = [...this.#bullets.values()].filter(({ shapes }) => shapes.size <= BULLET_SHAPES);
    return {
      text: this.#text.text,
      picture: Math.min(1, Math.max(this.#picture, this.#placed)),
      shapes: this.#shapes,
      letters: this.#letters,
      undecoded: this.#undecoded - bullets.reduce((sum, { count, areAlone }) => sum + (areAlone ? count : 0), 0),
    };
  }

  readonly #operators = new Map<number, Draw>([
    [OPS.transform, (args) => this.#transform(args as unknown as Matrix)],
    [OPS.save, () => this.#save(null)],
    [OPS.paintFormXObjectBegin, ([matrix]) => this.#save((matrix ?? null) as Matrix | null)],
    [OPS.restore, () => this.#restore()],
    [OPS.paintFormXObjectEnd, () => this.#restore()],
    [OPS.constructPath, () => this.#paint()],
    [OPS.shadingFill, () => this.#paint()],
    [OPS.setFont, ([font, size]) => this.#setFont(font, size)],
    [OPS.setGState, ([states]) => this.#setGraphics(states as GraphicsStates)],
    [OPS.beginText, () => this.#text.begin()],
    [OPS.setTextMatrix, ([matrix]) => this.#text.place(Array.from(matrix as Matrix) as unknown as Matrix)],
    [OPS.moveText, ([x, y]) => this.#text.move(Number(x), Number(y))],
    [OPS.setLeadingMoveText, ([x, y]) => this.#moveWithLeading(Number(x), Number(y))],
    [OPS.setLeading, ([leading]) => this.#text.setLeading(Math.abs(Number(leading)))],
    [OPS.nextLine, () => this.#text.nextLine()],
    [OPS.showText, ([glyphs]) => this.#show(glyphs as readonly Shown[])],
  ]);

  #transform(matrix: Matrix): void {
    this.#state = { ...this.#state, matrix: multiply(this.#state.matrix, matrix) };
    const [left = 0, bottom = 0, right = 0, top = 0] = this.#view;
    const [a, b, c, d] = this.#state.matrix;
    this.#placed = Math.abs(a * d - b * c) / ((right - left) * (top - bottom));
  }

  #save(inner: Matrix | null): void {
    this.#outer.push(this.#state);
    if (inner) this.#state = { ...this.#state, matrix: multiply(this.#state.matrix, inner) };
    this.#placed = 0;
  }

  #restore(): void {
    this.#picture = Math.max(this.#picture, this.#placed);
    this.#state = this.#outer.pop() ?? this.#state;
    this.#placed = 0;
  }

  #paint(): void {
    this.#shapes += 1;
    this.#placed = 0;
  }

  #setFont(font: unknown, size: unknown): void {
    this.#state = { ...this.#state, font: String(font), size: Number(size ?? 1) };
  }

  #setGraphics(states: GraphicsStates): void {
    const value = states.find(([key]) => key === 'Font')?.[1];
    if (Array.isArray(value) && typeof value[0] === 'string') this.#setFont(value[0], value[1]);
  }

  #moveWithLeading(x: number, y: number): void {
    this.#text.setLeading(-y);
    this.#text.move(x, y);
  }

  #show(shown: readonly Shown[]): void {
    const { font, size, matrix } = this.#state;
    const { at, startsLine } = this.#text.show(shown, size, matrix);
    this.#placed = 0;
    if (!this.#isOnPage(at)) return;
    const isUnknown = !this.#fonts.has(font);
    const glyphs = shown.filter(isVisible);
    const undecoded = glyphs.filter(
      (glyph) => isUndecoded(glyph.unicode.charCodeAt(0)) || !this.#fonts.says(font, glyph),
    );
    this.#letters += isUnknown ? UNKNOWN_TEXT : glyphs.length;
    this.#undecoded += isUnknown ? UNKNOWN_TEXT : undecoded.length;
    if (!isUnknown && undecoded.length > 0) this.#noteBullets(undecoded, startsLine && glyphs.length === 1);
  }

  #noteBullets(glyphs: readonly Glyph[], isAlone: boolean): void {
    const bullets = this.#bullets.get(this.#state.font) ?? { shapes: new Set(), count: 0, areAlone: true };
    for (const { originalCharCode } of glyphs) bullets.shapes.add(originalCharCode);
    bullets.count += glyphs.length;
    bullets.areAlone &&= isAlone;
    this.#bullets.set(this.#state.font, bullets);
  }

  #isOnPage([, , , , x, y]: Matrix): boolean {
    const [left = 0, bottom = 0, right = 0, top = 0] = this.#view;
    return x >= left && x <= right && y >= bottom && y <= top;
  }
}

interface Bullets {
  readonly shapes: Set<number>;
  count: number;
  areAlone: boolean;
}

type GraphicsStates = readonly (readonly [key: string, value: unknown])[];

const isVisible = (glyph: Shown): glyph is Glyph =>
  typeof glyph === 'object' && glyph !== null && !/^\s+$/.test(glyph.unicode);

import type { Layout } from '../layout.ts';
import type { Ink, Placed } from './ink.ts';

/** How one paragraph is set. Lengths in points. */
export interface ParagraphStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly align?: 'left' | 'centre' | 'justified';
  readonly indent?: number;
  readonly before?: number;
  readonly after?: number;
  /** Minimum lines of room below the start of the paragraph, so that a heading stays with its text. */
  readonly keep?: number;
}

interface Word {
  readonly text: string;
  readonly face: string;
  readonly width: number;
}

const FACES = {
  Times: { regular: 'Times-Roman', bold: 'Times-Bold' },
  Helvetica: { regular: 'Helvetica', bold: 'Helvetica-Bold' },
  Courier: { regular: 'Courier', bold: 'Courier-Bold' },
} as const;

/** Fills pages with paragraphs, line by line. Paragraphs break across columns and pages. */
export class Flow {
  y = 0;
  readonly ink: Ink;
  readonly #layout: Layout;
  readonly #page: { readonly width: number; readonly height: number };
  #columns = 1;
  #column = 0;
  /** Where the columns of this page begin. On the first page, below the title. */
  #top = 0;

  constructor(ink: Ink, layout: Layout, page: { readonly width: number; readonly height: number }) {
    this.ink = ink;
    this.#layout = layout;
    this.#page = page;
    this.newPage();
  }

  get left(): number {
    const { margin } = this.#layout;
    return margin + this.#column * (this.width + GUTTER);
  }

  /** The width of the current column. */
  get width(): number {
    const { margin } = this.#layout;
    return (this.#page.width - 2 * margin - (this.#columns - 1) * GUTTER) / this.#columns;
  }

  newPage(): void {
    this.ink.newPage();
    this.#column = 0;
    this.#top = this.y = this.#layout.margin;
  }

  /** Sets the number of columns for the text that follows. */
  setColumns(columns: number): void {
    this.#columns = columns;
    this.#column = 0;
    this.#top = this.y;
  }

  /** Continues on the next column or page if there is not enough room. */
  need(height: number): void {
    if (this.y + height <= this.#page.height - this.#layout.margin) return;
    if (this.#column + 1 < this.#columns) {
      this.#column++;
      this.y = this.#top;
    } else this.newPage();
  }

  /** Writes a paragraph. Words between two ** are bold. */
  paragraph(text: string, style: ParagraphStyle = {}): void {
    const { size = this.#layout.size, indent = 0, align = this.#layout.justified ? 'justified' : 'left' } = style;
    const leading = size * 1.22;
    this.y += style.before ?? 0;
    this.need(leading * (style.keep ?? 1));
    const words = this.#words(text, size, style.bold ?? false);
    const space = this.ink.width(' ', FACES[this.#layout.family].regular, size);
    for (let from = 0; from < words.length;) {
      this.need(leading);
      const room = this.width - indent;
      const line = fit(words, from, room, space);
      from += line.length;
      this.y += leading;
      const slack = room - line.reduce((sum, word) => sum + word.width, 0) - space * (line.length - 1);
      const last = from >= words.length;
      const stretch = align === 'justified' && !last && line.length > 1 ? slack / (line.length - 1) : 0;
      const left = this.left + indent + (align === 'centre' ? slack / 2 : 0);
      this.ink.line(place(line, left, space + stretch), this.y - leading * 0.25, size, this.#layout.spaces);
    }
    this.y += style.after ?? 0;
  }

  /** Writes one line at a fixed position, outside the flow: headers, table cells, signature lines. */
  label(text: string, x: number, baseline: number, size: number, bold = false): void {
    const space = this.ink.width(' ', FACES[this.#layout.family].regular, size);
    this.ink.line(place(this.#words(text, size, bold), x, space), baseline, size, this.#layout.spaces);
  }

  #words(text: string, size: number, bold: boolean): Word[] {
    const faces = FACES[this.#layout.family];
    let inBold = bold;
    return text
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => {
        const marks = word.split('**').length - 1;
        const face = inBold || marks > 0 ? faces.bold : faces.regular;
        if (marks % 2 === 1) inBold = !inBold;
        const plain = word.replaceAll('**', '');
        return { text: plain, face, width: this.ink.width(plain, face, size) };
      });
  }
}

/** Space between columns, in points. */
const GUTTER = 18;

/** Returns as many words after `from` as fit into the room, at least one. */
function fit(words: readonly Word[], from: number, room: number, space: number): readonly Word[] {
  let width = words[from]?.width ?? 0;
  let end = from + 1;
  for (; end < words.length; end++) {
    width += space + (words[end]?.width ?? 0);
    if (width > room) break;
  }
  return words.slice(from, end);
}

function place(words: readonly Word[], left: number, space: number): Placed[] {
  let x = left;
  return words.map((word) => {
    const placed = { ...word, x };
    x += word.width + space;
    return placed;
  });
}

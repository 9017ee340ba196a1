import type { Box, Field } from './fields.ts';

/** The part of pdf.js's text item used here. */
export interface TextItem {
  readonly str: string;
  readonly hasEOL: boolean;
  /** `ltr`, `rtl` or `ttb`. */
  readonly dir?: string;
  /** [a, b, c, d, x, y], in the page's own coordinates. */
  readonly transform: readonly number[];
  readonly width: number;
}

type Placed = Pick<TextItem, 'str' | 'hasEOL'>;

/**
 * Inserts the values of fields where a reader sees them: into a blank line of underscores or dots, after the words to
 * their left, or below the line above. A quote may then run from the words of the page into a value.
 */
export function placeFields(items: readonly TextItem[], fields: readonly Field[]): readonly Placed[] {
  if (fields.length === 0) return items;
  const placed: Placed[][] = items.map((item) => [item]);
  const before: Placed[] = [];
  for (const field of fields.toSorted(readingOrder)) {
    const left = toTheLeft(items, field.box);
    const filled = left < 0 ? null : fillBlank(items[left], placed[left], field);
    if (filled) placed[left] = [filled];
    else if (left >= 0) insertAfter(placed[left], field.text);
    else insertBelow(placed[lastAbove(items, field.box)] ?? before, field.text);
  }
  return [...before, ...placed.flat()];
}

const readingOrder = ({ box: a }: Field, { box: b }: Field): number =>
  Math.abs(a.top - b.top) > 4 ? b.top - a.top : a.left - b.left;

const xOf = ({ transform }: TextItem): number => transform[4] ?? 0;
const yOf = ({ transform }: TextItem): number => transform[5] ?? 0;

/** The nearest words that begin to the left of the box, with their baseline in the box. -1 if there are none. */
function toTheLeft(items: readonly TextItem[], box: Box): number {
  let nearest = -1;
  for (const [index, item] of items.entries()) {
    const inLine = yOf(item) >= box.bottom - 3 && yOf(item) < box.bottom + (box.top - box.bottom) * 0.75;
    if (!inLine || xOf(item) > box.left + 1 || item.str.trim() === '') continue;
    const than = items[nearest];
    if (than === undefined || xOf(item) > xOf(than)) nearest = index;
  }
  return nearest;
}

/** The last words of the lowest line above the box. -1 if there are none. */
function lastAbove(items: readonly TextItem[], box: Box): number {
  let lowest = -1;
  for (const [index, item] of items.entries()) {
    const than = items[lowest];
    if (yOf(item) < box.bottom || item.str.trim() === '') continue;
    if (than === undefined || yOf(item) <= yOf(than) + 2) lowest = index;
  }
  return lowest;
}

const BLANK = /_{2,}|\.{4,}|…{2,}|\s{3,}/g;

/** The item with the blank nearest to the field replaced by its value. Null if the field covers none of its blanks. */
function fillBlank(item: TextItem | undefined, now: readonly Placed[] | undefined, field: Field): Placed | null {
  const str = now?.length === 1 ? now[0]?.str : undefined;
  if (item === undefined || str === undefined || xOf(item) + item.width < field.box.left) return null;
  const at = (((field.box.left + field.box.right) / 2 - xOf(item)) / item.width) * str.length;
  const distance = (blank: RegExpExecArray): number => Math.abs(blank.index + blank[0].length / 2 - at);
  const [blank] = [...str.matchAll(BLANK)].toSorted((a, b) => distance(a) - distance(b));
  if (blank === undefined) return null;
  const [head, tail] = [str.slice(0, blank.index), str.slice(blank.index + blank[0].length)];
  return { str: `${head} ${field.text} ${tail}`.trim(), hasEOL: item.hasEOL };
}

/** Inserts a value into the line, before its end. */
function insertAfter(line: Placed[] | undefined, text: string): void {
  const last = line?.pop();
  if (line === undefined || last === undefined) return;
  line.push({ str: `${last.str} ${text} `, hasEOL: last.hasEOL });
}

/** Inserts a value as a line of its own. */
function insertBelow(line: Placed[], text: string): void {
  const last = line.pop();
  if (last) line.push({ ...last, hasEOL: true });
  line.push({ str: text, hasEOL: true });
}

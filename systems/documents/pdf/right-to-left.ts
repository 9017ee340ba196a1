import type { TextItem } from './place-fields.ts';

/**
 * Puts the items of lines in Hebrew, Arabic and the like in the order in which they are read. pdf.js turns the letters
 * of each item, but leaves the items as they are drawn, which is often from left to right.
 */
export function inReadingOrder(items: readonly TextItem[]): readonly TextItem[] {
  if (!items.some(isRightToLeft)) return items;
  return linesOf(items).flatMap((line) => (runsRightToLeft(line) ? turned(line) : line));
}

const isRightToLeft = ({ dir }: TextItem): boolean => dir === 'rtl';

function linesOf(items: readonly TextItem[]): TextItem[][] {
  const lines: TextItem[][] = [];
  let isOpen = false;
  for (const item of items) {
    if (isOpen) lines.at(-1)?.push(item);
    else lines.push([item]);
    isOpen = !item.hasEOL;
  }
  return lines;
}

function runsRightToLeft(line: readonly TextItem[]): boolean {
  const letters = (items: readonly TextItem[]): number =>
    items.reduce((sum, { str }) => sum + (str.match(/\p{L}/gu)?.length ?? 0), 0);
  return letters(line.filter(isRightToLeft)) * 2 > letters(line);
}

/** From right to left, except the items within a run from left to right, such as an English name. */
function turned(line: readonly TextItem[]): TextItem[] {
  const runs: TextItem[][] = [];
  for (const item of line.toSorted((a, b) => xOf(a) - xOf(b))) {
    const last = runs.at(-1);
    if (last !== undefined && !isRightToLeft(item) && !last.some(isRightToLeft)) last.push(item);
    else runs.push([item]);
  }
  const endsLine = line.at(-1)?.hasEOL ?? false;
  const ordered = runs.toReversed().flat();
  return ordered.map((item, index) => ({ ...item, hasEOL: endsLine && index === ordered.length - 1 }));
}

const xOf = ({ transform }: TextItem): number => transform[4] ?? 0;

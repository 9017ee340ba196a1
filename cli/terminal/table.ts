import stringWidth from 'string-width';
import { fitting } from './fitting.ts';
import { oneLine } from './printable.ts';

/** A column of a table: its heading and layout. */
export interface Column {
  readonly name: string;
  /** Numbers are aligned right. @default 'left' */
  readonly align?: 'left' | 'right';
  /** Truncated with an ellipsis if the terminal is too narrow; at most one column. @default false */
  readonly flexible?: boolean;
}

const GAP = '  ';
const MIN_FLEXIBLE_WIDTH = 10;

/**
 * Formats rows under headings. On a terminal of `width` columns the flexible column is truncated; without a width
 * nothing is truncated, so that a pipe gets everything.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width?: number): string {
  const cells = [columns.map(({ name }) => name.toUpperCase()), ...rows.map((row) => row.map(oneLine))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => stringWidth(row[index] ?? ''))));
  const flexible = columns.findIndex((column) => column.flexible === true);
  const total = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1);
  if (width !== undefined && flexible >= 0 && total > width)
    widths[flexible] = Math.max(MIN_FLEXIBLE_WIDTH, (widths[flexible] ?? 0) - (total - width));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => set(cell, widths[index] ?? 0, columns[index]?.align))
      .join(GAP)
      .trimEnd();
  return cells.map(line).join('\n');
}

function set(cell: string, width: number, align: Column['align']): string {
  const fit = fitting(cell, width);
  const gap = ' '.repeat(Math.max(0, width - stringWidth(fit)));
  return align === 'right' ? gap + fit : fit + gap;
}

/** Formats names and values, one pair per line, with aligned values. Undefined values are left out. */
export function facts(pairs: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(pairs).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const width = Math.max(0, ...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${name.padEnd(width)}${GAP}${oneLine(value)}`).join('\n');
}

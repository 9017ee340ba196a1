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
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => (row[index] ?? '').length)));
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
  const fit = cell.length > width ? `${cell.slice(0, width - 1)}…` : cell;
  return align === 'right' ? fit.padStart(width) : fit.padEnd(width);
}

/** Formats names and values, one pair per line, with aligned values. Undefined values are left out. */
export function facts(pairs: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(pairs).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const width = Math.max(0, ...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${name.padEnd(width)}${GAP}${oneLine(value)}`).join('\n');
}

// Escape sequences in a task's text could otherwise move the cursor and overwrite the terminal.
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/** Makes untrusted text safe to print: keeps line breaks and tabs, replaces other control characters. */
export const printable = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll(CONTROLS, '\uFFFD');

/** The same on one line. */
export const oneLine = (text: string): string => printable(text).replaceAll(/\s+/g, ' ').trim();

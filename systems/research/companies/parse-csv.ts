/** A record of a CSV file. */
export interface CsvRecord {
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
  /** By the names of the columns. */
  readonly fields: CsvRow;
}
export type CsvRow = Readonly<Record<string, string>>;

export interface Csv {
  /** The names of the columns, in lower case without spaces: the first line that is not empty. */
  readonly columns: readonly string[];
  readonly records: readonly CsvRecord[];
}

/**
 * Parses CSV as people save it: with or without BOM, with commas, semicolons or tabs, with quoted fields that may hold
 * separators and line breaks. A quotation mark that no other one closes before a separator is a character like others, so
 * that a stray one never swallows the lines after it.
 */
export function parseCsv(text: string): Csv {
  const content = text.replace(/^\uFEFF/, '');
  const lines = recordsOf(content, separatorOf(content)).filter(({ fields }) =>
    fields.some((field) => field.trim() !== ''),
  );
  const [names, ...records] = lines;
  const columns = (names?.fields ?? []).map((name) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ''),
  );
  return {
    columns,
    records: records.map(({ line, fields }) => ({
      line,
      fields: Object.fromEntries(columns.map((key, at) => [key, (fields[at] ?? '').trim()])),
    })),
  };
}

/** The separator that the first line has most of, outside quotes. */
function separatorOf(content: string): string {
  const [line = ''] = content.replaceAll(/"[^"]*"/g, '').split(/[\r\n]/);
  const count = (separator: string): number => line.split(separator).length;
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

interface Line {
  readonly line: number;
  readonly fields: string[];
}

function recordsOf(content: string, separator: string): Line[] {
  const records: Line[] = [];
  let line = 1;
  let current: Line = { line, fields: [] };
  let at = 0;
  while (at <= content.length) {
    const { value, end } = fieldAt(content, at, separator);
    current.fields.push(value);
    line += linesIn(content.slice(at, end));
    if (content[end] !== separator) {
      records.push(current);
      line += 1;
      current = { line, fields: [] };
    }
    at = end + (content.startsWith('\r\n', end) ? 2 : 1);
  }
  return records;
}

interface Field {
  readonly value: string;
  /** Where it ends: at a separator, a line break or the end of the text. */
  readonly end: number;
}

function fieldAt(content: string, start: number, separator: string): Field {
  const quoted = quotedFieldAt(content, start, separator);
  if (quoted !== null) return quoted;
  let end = start;
  while (end < content.length && !isEnd(content.charAt(end), separator)) end += 1;
  // A quotation mark that stands alone was a slip; two of them are part of a name.
  return { value: content.slice(start, end).replace(/^(\s*)"(?=[^"]*$)/, '$1'), end };
}

/** Longer fields are none: a quotation mark in them was a slip. */
const MAX_FIELD = 10_000;

/** Null if the field is not quoted from its first character to its last one. */
function quotedFieldAt(content: string, start: number, separator: string): Field | null {
  let at = afterBlanks(content, start, separator);
  if (content[at] !== '"') return null;
  let value = '';
  for (at += 1; at < content.length && at - start < MAX_FIELD; at += 1) {
    const character = content.charAt(at);
    if (character !== '"') value += character;
    else if (content[at + 1] === '"') {
      value += '"';
      at += 1;
    } else {
      const end = afterBlanks(content, at + 1, separator);
      return end >= content.length || isEnd(content.charAt(end), separator) ? { value, end } : null;
    }
  }
  return null;
}

function afterBlanks(content: string, start: number, separator: string): number {
  const blanks = separator === '\t' ? ' ' : ' \t';
  let at = start;
  while (at < content.length && blanks.includes(content.charAt(at))) at += 1;
  return at;
}

const isEnd = (character: string, separator: string): boolean =>
  character === separator || character === '\n' || character === '\r';

const linesIn = (text: string): number => (text.match(/\r\n|\n|\r/g) ?? []).length;

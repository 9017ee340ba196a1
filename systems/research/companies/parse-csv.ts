/** A record of a CSV file, by the names in its first line. */
export type CsvRow = Readonly<Record<string, string>>;

/**
 * Parses CSV as people save it: with or without BOM, with commas, semicolons or tabs, with quoted fields that may hold
 * separators and line breaks. The names in the first line are in lower case without spaces.
 */
export function parseCsv(text: string): CsvRow[] {
  const content = text.replace(/^\uFEFF/, '');
  const lines = recordsOf(content, separatorOf(content)).filter((fields) =>
    fields.some((field) => field.trim() !== ''),
  );
  const [names = [], ...records] = lines;
  const keys = names.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ''),
  );
  return records.map((fields) => Object.fromEntries(keys.map((key, at) => [key, (fields[at] ?? '').trim()])));
}

/** The separator that the first line has most of, outside quotes. */
function separatorOf(content: string): string {
  const [line = ''] = content.replaceAll(/"[^"]*"/g, '').split(/[\r\n]/);
  const count = (separator: string): number => line.split(separator).length;
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

function recordsOf(content: string, separator: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let field = '';
  let isQuoted = false;
  const endField = (): void => {
    fields.push(field);
    field = '';
  };
  for (let at = 0; at < content.length; at += 1) {
    const character = content.charAt(at);
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (content[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && field.trim() === '') {
      field = '';
      isQuoted = true;
    } else if (character === separator) endField();
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && content[at + 1] === '\n') at += 1;
      endField();
      records.push(fields);
      fields = [];
    } else field += character;
  }
  endField();
  return [...records, fields];
}

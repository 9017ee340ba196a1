/** The rows of a CSV with a heading line, by its names. Fields may be quoted. */
export function parseCsv(text: string): Record<string, string>[] {
  const [heading = [], ...rows] = linesOf(text).map(fieldsOf);
  return rows.map((row) => Object.fromEntries(heading.map((name, index) => [name, row[index] ?? ''])));
}

const linesOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line !== '');

function fieldsOf(line: string): string[] {
  const fields = line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return fields.map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field));
}

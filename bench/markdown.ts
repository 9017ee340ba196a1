/** A Markdown table, padded as the formatter pads it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Replaces what stands between the markers `<!-- NAME -->` and `<!-- /NAME -->` of a document. */
export function withTables(text: string, tables: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [name, content] of Object.entries(tables)) {
    const between = new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`);
    if (!between.test(result)) throw new Error(`The document has no markers <!-- ${name} --> and <!-- /${name} -->.`);
    result = result.replace(between, (_, before: string, after: string) => `${before}\n\n${content}\n\n${after}`);
  }
  return result;
}

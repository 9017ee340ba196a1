import stringWidth from 'string-width';

/** Mail programs and terminals show this much. */
const COLUMNS = 72;

/** A line in lines of at most 72 columns, the later ones indented. Words that are longer stand alone: links stay whole. */
export function wrap(line: string, indent = ''): string[] {
  const lines: string[] = [];
  let current = /^ */.exec(line)?.[0] ?? '';
  let isEmpty = true;
  for (const word of line.trim().split(' ')) {
    const next = isEmpty ? current + word : `${current} ${word}`;
    if (isEmpty || stringWidth(next) <= COLUMNS) {
      current = next;
      isEmpty = false;
      continue;
    }
    lines.push(current);
    current = indent + word;
  }
  return [...lines, current];
}

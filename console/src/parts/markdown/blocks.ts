/** A part of a line: text, code, strong text or a link. */
export type Inline =
  | { readonly kind: 'text' | 'code' | 'strong'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: string };

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly anchor: string }
  | { readonly kind: 'paragraph'; readonly parts: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly Inline[])[][];
    };

const ITEM = /^(?:[-*]|(\d+)\.) +(.*)$/;

/**
 * The blocks of our own documents: headings, paragraphs, lists, fenced code and tables. It is no parser for Markdown of
 * others, and makes no markup: everything becomes text.
 */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length;) {
    const end = endOf(lines, at);
    const block = blockOf(lines.slice(at, end));
    if (block) blocks.push(block);
    at = end;
  }
  return blocks;
}

/** The line after the block that begins at a line. */
function endOf(lines: readonly string[], at: number): number {
  const isFence = (line = ''): boolean => line.startsWith('```');
  if (isFence(lines[at])) {
    const close = lines.findIndex((line, index) => index > at && isFence(line));
    return close === -1 ? lines.length : close + 1;
  }
  if (/^#{1,6} /.test(lines[at] ?? '')) return at + 1;
  let end = at + 1;
  while (end < lines.length && lines[end]?.trim() !== '' && !isFence(lines[end])) end += 1;
  return end;
}

function blockOf(lines: readonly string[]): Block | null {
  const [first = ''] = lines;
  if (first.trim() === '') return lines.length > 1 ? blockOf(lines.slice(1)) : null;
  if (first.startsWith('```')) return { kind: 'code', text: lines.slice(1, -1).join('\n') };
  const [, marks, title] = /^(#{1,6}) (.*)$/.exec(first) ?? [];
  if (marks !== undefined && title !== undefined)
    return { kind: 'heading', level: marks.length, text: title, anchor: anchorOf(title) };
  if (first.startsWith('|')) return tableOf(lines);
  if (ITEM.test(first)) return listOf(lines);
  return { kind: 'paragraph', parts: inlineOf(lines.join(' ')) };
}

function listOf(lines: readonly string[]): Block {
  const items: string[] = [];
  for (const line of lines) {
    const text = ITEM.exec(line.trim())?.[2];
    if (text === undefined) items.push(`${items.pop() ?? ''} ${line.trim()}`);
    else items.push(text);
  }
  return { kind: 'list', ordered: /^\d/.test(lines[0] ?? ''), items: items.map(inlineOf) };
}

function tableOf(lines: readonly string[]): Block {
  const cells = (line: string): Inline[][] =>
    line
      .replaceAll(/^\||\|\s*$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => inlineOf(cell.trim().replaceAll(String.raw`\|`, '|')));
  const [head = '', , ...rows] = lines;
  return { kind: 'table', head: cells(head), rows: rows.map(cells) };
}

/** The parts of a line. */
export function inlineOf(text: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)]+)\)/g)) {
    const [whole, code, strong, label, to] = match;
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (strong !== undefined) parts.push({ kind: 'strong', text: strong });
    else parts.push({ kind: 'link', text: label ?? '', to: to ?? '' });
    from = match.index + whole.length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** The anchor of a heading, as GitHub makes it. */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/** The anchor in a path or URL; empty if it has none. */
export const anchorIn = (place: string): string => place.split('#')[1] ?? '';

/** The blocks of a section: from its heading to the next one of its level or above. Empty if there is none. */
export function sectionOf(blocks: readonly Block[], anchor: string): readonly Block[] {
  const from = blocks.findIndex((block) => block.kind === 'heading' && block.anchor === anchor);
  const heading = blocks[from];
  if (heading?.kind !== 'heading') return [];
  const after = blocks.findIndex(
    (block, index) => index > from && block.kind === 'heading' && block.level <= heading.level,
  );
  return blocks.slice(from, after === -1 ? undefined : after);
}

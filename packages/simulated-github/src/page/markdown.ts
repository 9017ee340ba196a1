import { html, type Markup, type Part } from './html.ts';

/** Folds and quotes within each other. A text of 65,536 characters could nest them by the thousand. */
const MAX_DEPTH = 6;

/** Renders the Markdown that reviews use. There are no links, images or tags from the text: what is not known stays text. */
export function markdown(text: string, replaced: readonly string[] = [], depth = 0): Markup {
  if (depth > MAX_DEPTH) return html`<p>${text}</p>`;
  const lines = text.replace(/<!--[\s\S]*?(-->|$)/g, '').split(/\r?\n/);
  const blocks: Markup[] = [];
  for (let at = 0; at < lines.length;) {
    const block = blockAt(lines, at, { replaced, depth });
    blocks.push(block.markup);
    at += block.taken;
  }
  return html`${blocks}`;
}

interface Block {
  readonly markup: Markup;
  /** The number of lines that it consists of. */
  readonly taken: number;
}

/** Where a block is. */
interface Place {
  /** The lines that a suggestion would replace. */
  readonly replaced: readonly string[];
  readonly depth: number;
}

function blockAt(lines: readonly string[], at: number, place: Place): Block {
  const line = lines[at] ?? '';
  const fence = /^\s*(`{3,}|~{3,})\s*(\S*)/.exec(line);
  if (fence !== null) return fenced(lines, at, { fence: fence[1] ?? '```', language: fence[2] ?? '', ...place });
  if (/^\s*<details>\s*/i.test(line)) return details(lines, at, place);
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading !== null) return { markup: html`<h4>${inline(heading[2] ?? '')}</h4>`, taken: 1 };
  if (/^\s*\|.*\|\s*$/.test(line)) return table(lines, at);
  if (ITEM.test(line)) return list(lines, at);
  if (line.startsWith('>')) {
    const quoted = whileMatching(lines, at, /^>/);
    const inner = markdown(quoted.map((each) => each.replace(/^> ?/, '')).join('\n'), [], place.depth + 1);
    return { markup: html`<blockquote>${inner}</blockquote>`, taken: quoted.length };
  }
  if (/^\s*(-{3,}|\*{3,})\s*$/.test(line)) return { markup: html`<hr />`, taken: 1 };
  if (line.trim() === '') return { markup: html``, taken: 1 };
  const paragraph = whileMatching(lines, at, /^(?!\s*(`{3}|~{3}|\||[-*] |\d+\. |<details>|$)|#{1,6} |>)/i);
  const taken = Math.max(1, paragraph.length);
  return { markup: html`<p>${inline(lines.slice(at, at + taken).join('\n'))}</p>`, taken };
}

const ITEM = /^\s*([-*]|\d+\.)\s+/;

function whileMatching(lines: readonly string[], at: number, pattern: RegExp): string[] {
  let end = at;
  while (end < lines.length && pattern.test(lines[end] ?? '')) end += 1;
  return lines.slice(at, end);
}

function fenced(
  lines: readonly string[],
  at: number,
  { fence, language, replaced }: Place & { readonly fence: string; readonly language: string },
): Block {
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? '').trim().startsWith(fence)) end += 1;
  const body = lines.slice(at + 1, end);
  const taken = end + 1 - at;
  if (language !== 'suggestion') return { markup: html`<pre><code>${body.join('\n')}</code></pre>`, taken };
  const row = (kind: 'removed' | 'added', text: string): Markup =>
    html`<div class="${kind}"><span class="sign">${kind === 'added' ? '+' : '-'}</span>${text}</div>`;
  return {
    markup: html`<div class="suggestion">
      <b>Suggested change</b>${replaced.map((text) => row('removed', text))}${body.map((text) => row('added', text))}
    </div>`,
    taken,
  };
}

/** A fold. It ends at its closing tag, or with the text. */
function details(lines: readonly string[], at: number, { replaced, depth }: Place): Block {
  let open = 0;
  let end = at;
  do {
    const line = lines[end] ?? '';
    open += (line.match(/<details>/gi) ?? []).length - (line.match(/<\/details>/gi) ?? []).length;
    end += 1;
  } while (open > 0 && end < lines.length);
  const body = lines.slice(at, end).join('\n');
  const inner = body.replace(/^\s*<details>\s*/i, '').replace(/<\/details>\s*$/i, '');
  const summary = /^\s*<summary>(.*?)<\/summary>/is.exec(inner);
  const rest = summary === null ? inner : inner.slice(summary[0].length);
  const title = (summary?.[1] ?? 'Details').replace(/<\/?(b|strong|i|em)>/gi, '');
  const markup = html`<details>
    <summary>${inline(title)}</summary>
    ${markdown(rest, replaced, depth + 1)}
  </details>`;
  return { markup, taken: end - at };
}

function list(lines: readonly string[], at: number): Block {
  const items = whileMatching(lines, at, /^\s*([-*]|\d+\.)\s+|^\s+\S/);
  const markup = items.map((item) => html`<li>${inline(item.replace(ITEM, ''))}</li>`);
  return {
    markup: html`<ul>
      ${markup}
    </ul>`,
    taken: items.length,
  };
}

function table(lines: readonly string[], at: number): Block {
  const rows = whileMatching(lines, at, /^\s*\|.*\|\s*$/);
  const cells = (row: string): string[] =>
    row
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/);
  const shown = rows.filter((row) => !/^[\s|:-]+$/.test(row));
  const row = (each: string): Markup =>
    html`<tr>
      ${cells(each).map((cell) => html`<td>${inline(cell.trim())}</td>`)}
    </tr>`;
  return {
    markup: html`<table class="plain">
      ${shown.map(row)}
    </table>`,
    taken: rows.length,
  };
}

/** The lengths are bounded: an opening mark without its end must not search the whole text, for each such mark. */
const INLINE =
  /\\(?<escaped>[!-/:-@[-`{-~])|(?<ticks>`{1,9})(?<code>.{1,500}?)\k<ticks>(?!`)|\*\*(?<bold>.{1,500}?)\*\*|(?<!\w)_(?<italic>[^_\s](?:[^_]{0,500}[^_\s\\])?)_(?!\w)|!?\[(?<label>[^\]]{0,200})\]\((?<url>[^)\s]{0,500})(?:\s[^)]{0,200})?\)/gs;

/** Code, bold and slanted text, and links as text: nothing on the page leads elsewhere. */
function inline(text: string): Markup {
  const parts: Part[] = [];
  let last = 0;
  for (const { 0: whole, index, groups = {} } of text.matchAll(INLINE)) {
    parts.push(text.slice(last, index), inlinePart(groups));
    last = index + whole.length;
  }
  parts.push(text.slice(last));
  return html`${parts}`;
}

function inlinePart({ escaped, code, bold, italic, label, url }: Readonly<Record<string, string | undefined>>): Part {
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return html`<code>${code}</code>`;
  if (bold !== undefined) return html`<b>${inline(bold)}</b>`;
  if (italic !== undefined) return html`<i>${inline(italic)}</i>`;
  return html`${label ?? ''} <span class="url">${url ?? ''}</span>`;
}

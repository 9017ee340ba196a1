import { html, type Markup, type Part } from './html.ts';

/** Renders the Markdown that reviews use. There are no links, images or tags from the text: what is not known stays text. */
export function markdown(text: string, replaced: readonly string[] = []): Markup {
  const lines = text.replace(/<!--[\s\S]*?(-->|$)/g, '').split(/\r?\n/);
  const blocks: Markup[] = [];
  for (let at = 0; at < lines.length;) {
    const block = blockAt(lines, at, replaced);
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

function blockAt(lines: readonly string[], at: number, replaced: readonly string[]): Block {
  const line = lines[at] ?? '';
  const fence = /^\s*(`{3,}|~{3,})\s*(\S*)/.exec(line);
  if (fence !== null) return fenced(lines, at, { fence: fence[1] ?? '```', language: fence[2] ?? '', replaced });
  if (/^\s*<details>\s*/i.test(line)) return details(lines, at, replaced);
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading !== null) return { markup: html`<h4>${inline(heading[2] ?? '')}</h4>`, taken: 1 };
  if (/^\s*\|.*\|\s*$/.test(line)) return table(lines, at);
  if (ITEM.test(line)) return list(lines, at);
  if (line.startsWith('>')) {
    const quoted = whileMatching(lines, at, /^>/);
    return {
      markup: html`<blockquote>${markdown(quoted.map((each) => each.replace(/^> ?/, '')).join('\n'))}</blockquote>`,
      taken: quoted.length,
    };
  }
  if (/^\s*(-{3,}|\*{3,})\s*$/.test(line)) return { markup: html`<hr />`, taken: 1 };
  if (line.trim() === '') return { markup: html``, taken: 1 };
  const paragraph = whileMatching(lines, at, /^(?!\s*(`{3}|~{3}|\||[-*] |\d+\. |<details>|$))/i);
  const taken = Math.max(1, paragraph.length);
  return { markup: html`<p>${inline(lines.slice(at, at + taken).join('\n'))}</p>`, taken };
}

const ITEM = /^\s*([-*]|\d+\.)\s+/;

function whileMatching(lines: readonly string[], at: number, pattern: RegExp): string[] {
  const end = lines.findIndex((line, index) => index >= at && !pattern.test(line));
  return lines.slice(at, end < 0 ? lines.length : end);
}

function fenced(
  lines: readonly string[],
  at: number,
  { fence, language, replaced }: { fence: string; language: string; replaced: readonly string[] },
): Block {
  const end = lines.findIndex((line, index) => index > at && line.trim().startsWith(fence));
  const body = lines.slice(at + 1, end < 0 ? lines.length : end);
  const taken = body.length + (end < 0 ? 1 : 2);
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
function details(lines: readonly string[], at: number, replaced: readonly string[]): Block {
  let depth = 0;
  const end = lines.findIndex((line, index) => {
    if (index < at) return false;
    depth += (line.match(/<details>/gi) ?? []).length - (line.match(/<\/details>/gi) ?? []).length;
    return depth <= 0;
  });
  const body = lines.slice(at, end < 0 ? lines.length : end + 1).join('\n');
  const inner = body.replace(/^\s*<details>\s*/i, '').replace(/<\/details>\s*$/i, '');
  const summary = /^\s*<summary>(.*?)<\/summary>/is.exec(inner);
  const rest = summary === null ? inner : inner.slice(summary[0].length);
  const title = (summary?.[1] ?? 'Details').replace(/<\/?(b|strong|i|em)>/gi, '');
  const markup = html`<details>
    <summary>${inline(title)}</summary>
    ${markdown(rest, replaced)}
  </details>`;
  return { markup, taken: body.split('\n').length };
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

const INLINE =
  /\\(?<escaped>[!-/:-@[-`{-~])|(?<ticks>`+)(?<code>.+?)\k<ticks>(?!`)|\*\*(?<bold>.+?)\*\*|(?<!\w)_(?<italic>[^_\s](?:[^_]*[^_\s\\])?)_(?!\w)|!?\[(?<label>[^\]]*)\]\((?<url>[^)\s]*)[^)]*\)/gs;

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

import { fragment, type Fragment } from '#core/text/markup.ts';
import type { DiffedFile } from '../../change/changed-file.ts';
import { linesOf, numberOn, type Hunk, type Line } from '../../change/hunk.ts';
import type { ReviewedFinding } from '../../findings/merge.ts';

/** A finding with the id of its place in the page. */
export interface Entry {
  readonly id: string;
  readonly finding: ReviewedFinding;
}

/** A file's diff with its findings below their lines. Files without findings are folded. */
export function fileSection({ path, oldPath, status, added, removed, hunks }: DiffedFile, entries: readonly Entry[]) {
  const from = oldPath !== undefined && fragment` <span class="dim">from ${oldPath}</span>`;
  const open = entries.length > 0 && fragment` open`;
  return fragment`<details${open}><summary>${path}${from} <span class="dim">${status}, +${added} −${removed}</span></summary>
<div class="scroll"><table class="diff">${hunks.map((hunk) => hunkRows(hunk, entries))}</table></div></details>
`;
}

const hunkRows = (hunk: Hunk, entries: readonly Entry[]): Fragment => fragment`<tr class="gap"><td colspan="3">${
  hunk.context ?? '…'
}</td></tr>
${linesOf(hunk).map((line) => [lineRow(line), ...entriesAt(line, entries).map(noteRow)])}`;

const SIGNS = { context: ' ', added: '+', removed: '-' } as const;

const lineRow = ({ kind, oldLine, newLine, text }: Line): Fragment =>
  fragment`<tr class="${kind}"><td class="n">${oldLine}</td><td class="n">${newLine}</td><td class="t">${SIGNS[kind]}${text}</td></tr>
`;

/** The findings whose last line this is. */
const entriesAt = (line: Line, entries: readonly Entry[]): Entry[] =>
  entries.filter(({ finding }) => numberOn(line, finding.side) === finding.line);

const noteRow = ({ id, finding }: Entry): Fragment => {
  const { severity, agent, also = [], confidence, message, suggestion } = finding;
  const suggested = suggestion !== undefined && fragment`<pre>${suggestion}</pre>`;
  return fragment`<tr class="note"><td colspan="3"><div class="card ${severity}" id="${id}"><strong>${severity}</strong> <span class="dim">${[agent, ...also].join(', ')}, confidence ${confidence.toFixed(2)}</span>
<p>${message}</p>${suggested}</div></td></tr>
`;
};

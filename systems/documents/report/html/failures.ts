import type { FailedRow } from '../schema.ts';
import { fragment, type Fragment } from '#core/text/markup.ts';
import { counted, failureName } from './labels.ts';

/** Up to this many failures are shown expanded. More are collapsed by reason. */
const SHOWN_OPEN = 12;

/** The documents that could not be analysed, grouped by reason, most frequent first. */
export function failureSection(rows: readonly FailedRow[]): Fragment {
  if (rows.length === 0) return fragment``;
  const groups = [...Map.groupBy(rows, ({ reasonCode }) => reasonCode)];
  groups.sort(([, a], [, b]) => b.length - a.length);
  const open = rows.length <= SHOWN_OPEN && fragment` open`;
  return fragment`<section aria-labelledby="failures"><div class="bar"><h2 id="failures">Not analysed</h2>
<p>${counted(rows.length, 'document')}, with the cause and the remedy for each</p></div>
<div class="scroll failures">${groups.map(([code, group]) => failureGroup(code, group, open))}</div></section>
`;
}

const failureGroup = (code: string, rows: readonly FailedRow[], open: Fragment | false): Fragment =>
  fragment`<details${open}><summary><span class="title">${failureName(code)}</span><span class="who">${counted(rows.length, 'document')}</span></summary>
<dl>${rows.map(({ file, reason }) => fragment`<dt>${file}</dt><dd>${reason}</dd>`)}</dl></details>
`;

import { SEVERITIES } from '../../agents/contract.ts';
import type { SucceededRow } from '../schema.ts';
import { fragment, type Fragment } from '#core/text/markup.ts';
import { formatPercent, formatShortDay, formatUsd, SEVERITY_NAMES } from './labels.ts';

/** A contract, and the anchor of its section. */
export interface Entry {
  readonly id: string;
  readonly row: SucceededRow;
}

/** All contracts in one table. The script makes it sortable and filterable. */
export function* contractTable(entries: readonly Entry[]): Generator<string> {
  yield TABLE_START.markup;
  for (const entry of entries) yield tableRow(entry).markup;
  yield '</tbody></table></div></section>\n';
}

const TABLE_START = fragment`<section aria-labelledby="contracts"><div class="bar"><h2 id="contracts">Contracts</h2>
<form class="tools" role="search"><output id="shown" for="find severity"></output>
<input type="search" id="find" placeholder="Filter by text" aria-label="Filter contracts by text">
<select id="severity" aria-label="Filter by risk"><option value="">All risks</option><option value="high">High risks</option>
<option value="medium">Medium or high</option><option value="none">No risks</option></select></form></div>
<div class="scroll"><table class="contracts"><thead><tr><th scope="col">Contract</th><th scope="col">Parties</th>
<th scope="col">Effective</th><th scope="col">Governing law</th><th scope="col" class="num">Clauses</th>
<th scope="col" class="first-high">Risks</th><th scope="col" class="num">Confidence</th><th scope="col" class="num">Cost</th></tr></thead><tbody>
`;

function tableRow({ id, row }: Entry): Fragment {
  const kinds = new Set(row.clauses.map(({ kind }) => kind)).size;
  return fragment`<tr data-for="${id}" data-worst="${worst(row)}"><td data-sort="${row.title}"><a href="#${id}">${row.title}</a><small>${row.file}</small></td>
<td>${partyList(row.parties)}</td>
<td class="nowrap" data-sort="${row.effectiveDate ?? ''}">${row.effectiveDate ? formatShortDay(row.effectiveDate) : NONE}</td>
<td data-sort="${row.governingLaw ?? ''}">${row.governingLaw ?? NONE}</td>
<td class="num">${kinds}</td><td data-sort="${riskWeight(row)}">${row.risks.length > 0 ? riskChips(row) : NONE}</td>
<td class="num" data-sort="${row.confidence}">${formatPercent(row.confidence)}</td><td class="num" data-sort="${row.usd}">${formatUsd(row.usd)}</td></tr>
`;
}

const NONE = fragment`<span class="none">–</span>`;

export const partyList = (parties: readonly string[]): Fragment =>
  fragment`${parties.map((party) => fragment`<span class="party">${party}</span>`)}`;

/** "2 high", "1 low" as coloured chips, highest severity first. */
export function riskChips(row: SucceededRow): Fragment {
  const chips = SEVERITIES.toReversed().map((severity) => {
    const count = countOf(row, severity);
    const name = SEVERITY_NAMES[severity].toLowerCase();
    return count > 0 && fragment`<span class="chip ${severity}">${count} ${name}</span>`;
  });
  return fragment`${chips}`;
}

const countOf = (row: SucceededRow, severity: string): number =>
  row.risks.filter((risk) => risk.severity === severity).length;

/** The sort key by risk: one high risk outweighs any number of medium ones. */
export const riskWeight = (row: SucceededRow): number =>
  countOf(row, 'high') * 10_000 + countOf(row, 'medium') * 100 + countOf(row, 'low');

const worst = (row: SucceededRow): string =>
  SEVERITIES.toReversed().find((severity) => countOf(row, severity) > 0) ?? 'none';

import { SEVERITIES } from '../../agents/contract.ts';
import type { SucceededRow } from '../schema.ts';
import { html, type Html } from './markup.ts';
import { formatDay, formatPercent, formatUsd, SEVERITY_NAMES } from './words.ts';

/** A contract and the anchor of its section. */
export interface Entry {
  readonly id: string;
  readonly row: SucceededRow;
}

/** All contracts in one table. Without script it is a plain table; the script makes it sortable and filterable. */
export function* contractTable(entries: readonly Entry[]): Generator<string> {
  yield html`<section aria-labelledby="contracts">
    <div class="bar">
      <h2 id="contracts">Contracts</h2>
      <form class="tools" role="search">
        <input type="search" id="find" placeholder="Filter by any word" aria-label="Filter the contracts by any word" />
        <select id="severity" aria-label="Filter by risk">
          <option value="">All risks</option>
          <option value="high">High risks</option>
          <option value="medium">Medium or high</option>
          <option value="none">No risks</option>
        </select>
        <output id="shown" for="find severity"></output>
      </form>
    </div>
    <div class="scroll">
      <table class="contracts">
        <thead>
          <tr>
            <th scope="col">Contract</th>
            <th scope="col">Parties</th>
            <th scope="col">Effective</th>
            <th scope="col">Governing law</th>
            <th scope="col" class="num">Clauses</th>
            <th scope="col">Risks</th>
            <th scope="col" class="num">Confidence</th>
            <th scope="col" class="num">Cost</th>
          </tr>
        </thead>
        <tbody></tbody>
      </table>
    </div>
  </section>`.markup;
  for (const entry of entries) yield tableRow(entry).markup;
  yield '</tbody></table></div></section>';
}

function tableRow({ id, row }: Entry): Html {
  const kinds = new Set(row.clauses.map(({ kind }) => kind)).size;
  return html`<tr data-for="${id}" data-worst="${worst(row)}">
    <td data-sort="${row.title}"><a href="#${id}">${row.title}</a><small>${row.file}</small></td>
    <td>${row.parties.map((party) => html`<span class="party">${party}</span>`)}</td>
    <td data-sort="${row.effectiveDate ?? ''}" class="nowrap">
      ${row.effectiveDate ? formatDay(row.effectiveDate) : none}
    </td>
    <td>${row.governingLaw ?? none}</td>
    <td class="num">${kinds}</td>
    <td data-sort="${riskWeight(row)}" class="nowrap">${riskChips(row)}</td>
    <td class="num" data-sort="${row.confidence}">${formatPercent(row.confidence)}</td>
    <td class="num" data-sort="${row.usd}">${formatUsd(row.usd)}</td>
  </tr> `;
}

const none = html`<span class="none">–</span>`;

const countOf = (row: SucceededRow, severity: string): number =>
  row.risks.filter((risk) => risk.severity === severity).length;

/** "2 high", "1 low" as coloured marks. */
export function riskChips(row: SucceededRow): Html {
  const chips = SEVERITIES.toReversed().map((severity) => {
    const count = countOf(row, severity);
    return count > 0 && html`<span class="chip ${severity}">${count} ${SEVERITY_NAMES[severity].toLowerCase()}</span>`;
  });
  return row.risks.length === 0 ? none : html`${chips}`;
}

/** Sorts by the gravest first: one high outweighs any number of medium ones. */
const riskWeight = (row: SucceededRow): number =>
  countOf(row, 'high') * 10_000 + countOf(row, 'medium') * 100 + countOf(row, 'low');

const worst = (row: SucceededRow): string =>
  SEVERITIES.toReversed().find((severity) => countOf(row, severity) > 0) ?? 'none';

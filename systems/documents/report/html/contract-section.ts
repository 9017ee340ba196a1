import { tokensOf } from '../../../../core/models/price.ts';
import type { SucceededRow } from '../schema.ts';
import { html, type Html } from './markup.ts';
import { riskChips, type Entry } from './table.ts';
import {
  CLAUSE_NAMES,
  formatDay,
  formatNumber,
  formatPercent,
  formatSeconds,
  formatUsd,
  RISK_NAMES,
  SEVERITY_NAMES,
} from './words.ts';

/** One contract in full, folded up: facts, risks, clauses, and what it cost to find them. */
export function contractSection({ id, row }: Entry): Html {
  const risks = row.risks.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
  return html`<details class="contract" id="${id}">
    <summary>
      <span class="title">${row.title}</span><span class="who">${row.parties.join(' · ')}</span
      ><span class="chips">${row.risks.length > 0 && riskChips(row)}</span>
    </summary>
    <div class="inside">
      ${notes(row)}${facts(row)}
      ${
        risks.length > 0 &&
        html`<h4>Risks</h4>
          <ul class="findings">
            ${risks.map(riskItem)}
          </ul>`
      }
      ${
        row.clauses.length > 0 &&
        html`<h4>Clauses</h4>
          <ul class="findings">
            ${row.clauses.map(clauseItem)}
          </ul>`
      }
      <p class="meta">${provenance(row)}</p>
    </div>
  </details> `;
}

const RANK = { high: 0, medium: 1, low: 2 } as const;

function notes({ warnings, duplicateOf, reused }: SucceededRow): Html {
  const all = [
    ...warnings,
    ...(duplicateOf === undefined ? [] : [`The same file as ${duplicateOf}: analysed once.`]),
    ...(reused ? ['Taken from an earlier run, at no cost.'] : []),
  ];
  return html`${all.map((note) => html`<p class="notice">${note}</p>`)}`;
}

function facts(row: SucceededRow): Html {
  return html`<dl>
    <div>
      <dt>File</dt>
      <dd>${row.file}</dd>
    </div>
    <div>
      <dt>Parties</dt>
      <dd>
        ${row.parties.length > 0 ? row.parties.map((party) => html`<span class="party">${party}</span>`) : 'None named'}
      </dd>
    </div>
    <div>
      <dt>Effective</dt>
      <dd>${row.effectiveDate ? formatDay(row.effectiveDate) : 'No date'}</dd>
    </div>
    <div>
      <dt>Term</dt>
      <dd>${row.term ?? 'Not stated'}</dd>
    </div>
    <div>
      <dt>Governing law</dt>
      <dd>${row.governingLaw ?? 'None named'}</dd>
    </div>
    <div>
      <dt>Confidence</dt>
      <dd>${formatPercent(row.confidence)}</dd>
    </div>
  </dl>`;
}

function riskItem({ kind, severity, ...finding }: SucceededRow['risks'][number]): Html {
  return html`<li class="${severity}">
    <span class="kind">${RISK_NAMES[kind]}</span
    ><span class="chip ${severity}">${SEVERITY_NAMES[severity]}</span>${quotation(finding)}
  </li>`;
}

function clauseItem({ kind, ...finding }: SucceededRow['clauses'][number]): Html {
  return html`<li><span class="kind">${CLAUSE_NAMES[kind]}</span>${quotation(finding)}</li>`;
}

interface Quotation {
  readonly quote: string | null;
  readonly page: number | null;
  readonly verified: boolean;
}

function quotation({ quote, page, verified }: Quotation): Html {
  return html`${page !== null && html`<span class="page">p. ${page}</span>`}${!verified && html`<span class="chip flag">${quote === null ? 'No quote given' : 'Quote not found in the document'}</span>`}${quote !== null && html`<blockquote dir="auto" ${!verified && html` class="unverified"`}>${quote}</blockquote>`}`;
}

function provenance(row: SucceededRow): string {
  return [
    `${row.agent} version ${row.agentVersion}`,
    row.model,
    tokensOf(row.tokens) > 0 ? `${formatNumber(tokensOf(row.tokens))} tokens` : null,
    formatUsd(row.usd),
    row.seconds === null ? null : formatSeconds(row.seconds),
    row.taskId,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

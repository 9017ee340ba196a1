import { tokensOf } from '#core/models/price.ts';
import type { SucceededRow } from '../schema.ts';
import { fragment, type Fragment } from '#core/text/markup.ts';
import { partyList, riskChips, type Entry } from './table.ts';
import {
  CLAUSE_NAMES,
  formatDay,
  formatNumber,
  formatPercent,
  formatSeconds,
  formatUsd,
  RISK_NAMES,
  SEVERITY_NAMES,
} from './labels.ts';

/** One contract in full, collapsed: facts, risks, clauses, and the cost of the analysis. */
export function contractSection({ id, row }: Entry): Fragment {
  const risks = row.risks.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
  const chips = row.risks.length > 0 && fragment`<span class="chips">${riskChips(row)}</span>`;
  return fragment`<details class="contract" id="${id}"><summary><span class="title">${row.title}</span><span class="who">${row.parties.join(' · ')}</span>${chips}</summary>
<div class="inside">${notes(row)}${facts(row)}
${risks.length > 0 && fragment`<h3>Risks</h3><ul class="findings">${risks.map(riskItem)}</ul>`}
${row.clauses.length > 0 && fragment`<h3>Clauses</h3><ul class="findings">${row.clauses.map(clauseItem)}</ul>`}
<p class="meta">${provenance(row)}</p></div></details>
`;
}

const RANK = { high: 0, medium: 1, low: 2 } as const;

function notes({ warnings, duplicateOf, reused }: SucceededRow): Fragment {
  const all = [
    ...warnings,
    ...(duplicateOf === undefined ? [] : [`This file has the same content as ${duplicateOf}. It was analysed once.`]),
    ...(reused ? ['This result comes from an earlier run, at no cost.'] : []),
  ];
  return fragment`${all.map((note) => fragment`<p class="notice">${note}</p>`)}`;
}

function facts(row: SucceededRow): Fragment {
  return fragment`<dl>${fact('File', row.file)}
${fact('Parties', row.parties.length > 0 ? partyList(row.parties) : 'Not stated')}
${fact('Effective', row.effectiveDate ? formatDay(row.effectiveDate) : 'Not stated')}
${fact('Term', row.term ?? 'Not stated')}
${fact('Governing law', row.governingLaw ?? 'Not stated')}
${fact('Confidence', formatPercent(row.confidence))}</dl>`;
}

const fact = (name: string, value: string | Fragment): Fragment =>
  fragment`<div><dt>${name}</dt><dd>${value}</dd></div>`;

function riskItem({ kind, severity, ...finding }: SucceededRow['risks'][number]): Fragment {
  return fragment`<li class="${severity}"><span class="kind">${RISK_NAMES[kind]}</span><span class="chip ${severity}">${SEVERITY_NAMES[severity]}</span>${quotation(finding)}</li>
`;
}

function clauseItem({ kind, ...finding }: SucceededRow['clauses'][number]): Fragment {
  return fragment`<li><span class="kind">${CLAUSE_NAMES[kind]}</span>${quotation(finding)}</li>
`;
}

interface Quotation {
  readonly quote: string | null;
  readonly page: number | null;
  readonly verified: boolean;
}

function quotation({ quote, page, verified }: Quotation): Fragment {
  const flag = quote === null ? 'No quote given' : 'Quote not found in the document';
  return fragment`${page !== null && fragment`<span class="page">page ${page}</span>`}${
    !verified && fragment`<span class="chip flag">${flag}</span>`
  }${quote !== null && fragment`<blockquote dir="auto"${!verified && fragment` class="unverified"`}>${quote}</blockquote>`}`;
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

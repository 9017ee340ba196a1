import { CLAUSE_KINDS, RISK_KINDS, SEVERITIES } from '../../agents/contract.ts';
import type { SucceededRow } from '../schema.ts';
import { bars, card, columns, type Bar } from './bars.ts';
import { dateBins } from './date-bins.ts';
import { fragment, type Fragment } from '#core/text/markup.ts';
import { riskChips, riskWeight, type Entry } from './table.ts';
import { CLAUSE_NAMES, counted, formatNumber, formatPercent, RISK_NAMES, SEVERITY_NAMES } from './labels.ts';

/** Four charts over all contracts, and the list of contracts to read first. */
export function charts(entries: readonly Entry[]): Fragment {
  if (entries.length === 0) return fragment``;
  const rows = entries.map(({ row }) => row);
  return fragment`<section class="charts" aria-label="Charts">
${risksByKind(rows, readFirst(entries))}${clauseCoverage(rows)}${effectiveDates(rows)}${governingLaws(rows)}</section>
`;
}

const HIGHEST_FIRST = SEVERITIES.toReversed();

const READ_FIRST_SHOWN = 3;

/** The contracts to read first: those with the highest risks. */
function readFirst(entries: readonly Entry[]): Fragment | false {
  const weighed = entries.map((entry) => ({ ...entry, weight: riskWeight(entry.row) }));
  const worst = weighed.toSorted((a, b) => b.weight - a.weight).filter(({ weight }) => weight > 0);
  if (worst.length === 0) return false;
  const items = worst
    .slice(0, READ_FIRST_SHOWN)
    .map(
      ({ id, row }) =>
        fragment`<li><a href="#${id}">${row.title}</a> ${riskChips(row)}<small>${row.parties.join(' · ')}</small></li>`,
    );
  return fragment`<h3>Read these first</h3><ol class="read-first">${items}</ol>`;
}

function risksByKind(rows: readonly SucceededRow[], contractsToRead: Fragment | false): Fragment {
  const risks = rows.flatMap(({ risks }) => risks);
  const kinds = RISK_KINDS.map((kind) => ({ kind, found: risks.filter((risk) => risk.kind === kind) }));
  kinds.sort((a, b) => b.found.length - a.found.length);
  const most = Math.max(1, kinds[0]?.found.length ?? 0);
  const lines = kinds.map(({ kind, found }): Bar => {
    const share = (severity: string): number => found.filter((risk) => risk.severity === severity).length / most;
    const segments = HIGHEST_FIRST.map((severity) => ({ share: share(severity), tone: severity }));
    return { label: RISK_NAMES[kind], segments, value: formatNumber(found.length) };
  });
  const legend = HIGHEST_FIRST.map(
    (severity) => fragment`<span class="swatch ${severity}">${SEVERITY_NAMES[severity]}</span>`,
  );
  return card(
    'Risks',
    counted(risks.length, 'finding'),
    fragment`${bars(lines)}<p class="legend">${legend}</p>${contractsToRead}`,
  );
}

function clauseCoverage(rows: readonly SucceededRow[]): Fragment {
  const kinds = CLAUSE_KINDS.filter((kind) => kind !== 'other').map((kind) => {
    const found = rows.filter(({ clauses }) => clauses.some((clause) => clause.kind === kind)).length;
    return { kind, share: found / rows.length };
  });
  kinds.sort((a, b) => b.share - a.share);
  const lines = kinds.map(({ kind, share }): Bar => {
    return { label: CLAUSE_NAMES[kind], segments: [{ share, tone: 'accent' }], value: formatPercent(share) };
  });
  return card('Clauses', 'Share of the contracts with this clause', bars(lines));
}

const LAWS_SHOWN = 8;

function governingLaws(rows: readonly SucceededRow[]): Fragment {
  const named = rows.map(({ governingLaw }) => governingLaw).filter((law) => law !== null);
  const laws = [...Map.groupBy(named, (law) => law)].map(([law, { length }]) => ({ law, count: length }));
  laws.sort((a, b) => b.count - a.count || a.law.localeCompare(b.law));
  const others = laws.slice(LAWS_SHOWN).reduce((sum, { count }) => sum + count, 0);
  const unnamed = rows.length - named.length;
  const most = Math.max(1, unnamed, others, laws[0]?.count ?? 0);
  const bar = (label: string, count: number, tone: string): Bar => {
    return { label, segments: [{ share: count / most, tone }], value: formatNumber(count) };
  };
  const lines = laws.slice(0, LAWS_SHOWN).map(({ law, count }) => bar(law, count, 'accent'));
  if (others > 0) lines.push(bar(counted(laws.length - LAWS_SHOWN, 'other'), others, 'faint'));
  if (unnamed > 0) lines.push(bar('Not stated', unnamed, 'faint'));
  return card('Governing law', counted(laws.length, 'jurisdiction'), bars(lines));
}

function effectiveDates(rows: readonly SucceededRow[]): Fragment {
  const dates = rows.map(({ effectiveDate }) => effectiveDate).filter((date) => date !== null);
  const undated = rows.length - dates.length;
  const note = undated === 0 ? 'When the contracts take effect' : `${counted(undated, 'contract')} without a date`;
  return card('Effective dates', note, columns(dateBins(dates)));
}

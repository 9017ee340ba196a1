import { CLAUSE_KINDS, RISK_KINDS, SEVERITIES } from '../../agents/contract.ts';
import type { SucceededRow } from '../schema.ts';
import { dateBins } from './date-bins.ts';
import { html, type Html } from './markup.ts';
import { CLAUSE_NAMES, counted, formatNumber, formatPercent, RISK_NAMES, SEVERITY_NAMES } from './words.ts';

/** Four pictures of all contracts together. */
export function charts(rows: readonly SucceededRow[]): Html {
  if (rows.length === 0) return html``;
  return html`<section class="charts" aria-label="Charts">
    ${risksByKind(rows)} ${clauseCoverage(rows)} ${effectiveDates(rows)} ${governingLaws(rows)}
  </section>`;
}

const card = (title: string, note: string, body: Html): Html =>
  html`<figure class="card">
    <figcaption>
      <h2>${title}</h2>
      <p>${note}</p>
    </figcaption>
    ${body}
  </figure>`;

/** A bar of one or more segments, each a share of the full width. */
function bar(
  label: string,
  segments: readonly { readonly share: number; readonly tone: string }[],
  value: string,
): Html {
  let at = 0;
  const rects = segments.map(({ share, tone }) => {
    const rect = html`<rect class="${tone}" x="${percent(at)}" width="${percent(share)}" height="100%" />`;
    at += share;
    return rect;
  });
  return html`<li>
    <span class="key">${label}</span><svg aria-hidden="true">${rects}</svg><span class="value">${value}</span>
  </li>`;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

function risksByKind(rows: readonly SucceededRow[]): Html {
  const risks = rows.flatMap(({ risks }) => risks);
  const kinds = RISK_KINDS.map((kind) => {
    const ofKind = risks.filter((risk) => risk.kind === kind);
    return {
      kind,
      counts: SEVERITIES.toReversed().map((severity) => ofKind.filter((risk) => risk.severity === severity).length),
      total: ofKind.length,
    };
  }).toSorted((a, b) => b.total - a.total);
  const most = Math.max(1, kinds[0]?.total ?? 0);
  const bars = kinds.map(({ kind, counts, total }) =>
    bar(
      RISK_NAMES[kind],
      counts.map((count, index) => ({ share: count / most, tone: SEVERITIES.at(-1 - index) ?? '' })),
      formatNumber(total),
    ),
  );
  const legend = SEVERITIES.toReversed().map(
    (severity) => html`<span class="swatch ${severity}">${SEVERITY_NAMES[severity]}</span>`,
  );
  return card(
    'Risks',
    counted(risks.length, 'finding'),
    html`<ul class="bars">
        ${bars}
      </ul>
      <p class="legend">${legend}</p>`,
  );
}

function clauseCoverage(rows: readonly SucceededRow[]): Html {
  const kinds = CLAUSE_KINDS.filter((kind) => kind !== 'other')
    .map((kind) => ({
      kind,
      share: rows.filter(({ clauses }) => clauses.some((clause) => clause.kind === kind)).length / rows.length,
    }))
    .toSorted((a, b) => b.share - a.share);
  const bars = kinds.map(({ kind, share }) =>
    bar(CLAUSE_NAMES[kind], [{ share, tone: 'accent' }], formatPercent(share)),
  );
  return card(
    'Clauses',
    'Share of the contracts that have one',
    html`<ul class="bars">
      ${bars}
    </ul>`,
  );
}

const LAWS_SHOWN = 8;

function governingLaws(rows: readonly SucceededRow[]): Html {
  const counts = new Map<string, number>();
  for (const { governingLaw } of rows) if (governingLaw) counts.set(governingLaw, (counts.get(governingLaw) ?? 0) + 1);
  const laws = [...counts].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const shown = laws.slice(0, LAWS_SHOWN);
  const others = laws.slice(LAWS_SHOWN).reduce((sum, [, count]) => sum + count, 0);
  const silent = rows.filter(({ governingLaw }) => !governingLaw).length;
  const most = Math.max(1, others, silent, shown[0]?.[1] ?? 0);
  const bars = [
    ...shown.map(([law, count]) => bar(law, [{ share: count / most, tone: 'accent' }], formatNumber(count))),
    others > 0 &&
      bar(counted(laws.length - LAWS_SHOWN, 'other'), [{ share: others / most, tone: 'faint' }], formatNumber(others)),
    silent > 0 && bar('None named', [{ share: silent / most, tone: 'faint' }], formatNumber(silent)),
  ];
  return card(
    'Governing law',
    counted(laws.length, 'jurisdiction'),
    html`<ul class="bars">
      ${bars}
    </ul>`,
  );
}

/** Pixels: the columns' own height, what stands above and below them. */
const COLUMNS_HEIGHT = 150;
const HEADROOM = 18;
const LABEL_ROOM = 22;
const LABELS_SHOWN = 9;

function effectiveDates(rows: readonly SucceededRow[]): Html {
  const dates = rows.map(({ effectiveDate }) => effectiveDate).filter((date) => date !== null);
  const undated = rows.length - dates.length;
  const note = undated === 0 ? 'When the contracts take effect' : `${counted(undated, 'contract')} without a date`;
  const bins = dateBins(dates);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const width = 1 / Math.max(1, bins.length);
  const every = Math.ceil(bins.length / LABELS_SHOWN);
  const columns = bins.map(({ label, count }, index) => {
    const height = (count / most) * COLUMNS_HEIGHT;
    const middle = percent((index + 0.5) * width);
    return html`<rect
        class="accent"
        x="${percent((index + 0.12) * width)}"
        width="${percent(width * 0.76)}"
        y="${HEADROOM + COLUMNS_HEIGHT - height}"
        height="${height}"
        rx="2"
        ><title>${label}: ${count}</title></rect
      >${
        count > 0 &&
        bins.length <= 24 &&
        html`<text class="count" x="${middle}" y="${HEADROOM + COLUMNS_HEIGHT - height - 5}">${count}</text>`
      }${index % every === 0 && html`<text x="${middle}" y="${HEADROOM + COLUMNS_HEIGHT + LABEL_ROOM - 6}">${label}</text>`}`;
  });
  const said = bins.map(({ label, count }) => `${label}: ${count}`).join(', ');
  const baseline = HEADROOM + COLUMNS_HEIGHT;
  return card(
    'Effective dates',
    note,
    html`<svg class="columns" role="img" aria-label="${said || 'No dates'}" height="${baseline + LABEL_ROOM}">
      ${columns}
      <line x1="0" x2="100%" y1="${baseline}" y2="${baseline}" />
    </svg>`,
  );
}

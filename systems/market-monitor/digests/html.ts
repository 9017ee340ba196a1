import { fragment, raw, type Fragment } from '#core/text/markup.ts';
import { utf8Length } from '#core/text/utf8-length.ts';
import { usd } from '../alerts/formats/words.ts';
import { eventRef } from '../events/event-ref.ts';
import type { Digest, DigestItem, DigestRow } from './digest.ts';
import {
  beyondOf,
  coverageOf,
  doneOf,
  heldByInstrument,
  heldWords,
  isEmpty,
  lateWords,
  loudestOf,
  moreWords,
  openByInstrument,
  openUsd,
  quoted,
  rowUsd,
  sinceWords,
  stateOf,
  titleOf,
} from './text.ts';

/** Mail programs keep tables and inline styles, and little else. */
const FONT =
  'font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.45;color:#1c2430;overflow-wrap:anywhere';
const SMALL = 'font-size:13px;color:#56606e';
const CELL = 'border-top:1px solid #dde2e8;vertical-align:top;padding:6px 8px 6px 0';
const URGENT = 'color:#a32020';

/** Gmail cuts what is beyond 102 kB. */
const MAX_BYTES = 100_000;
/** Rows of each section, and instruments with details: a mail is read on a telephone. */
const SIZES = [
  { rows: 20, details: 5 },
  { rows: 10, details: 3 },
  { rows: 5, details: 1 },
] as const;

interface Size {
  readonly rows: number;
  readonly details: number;
}

/** The digest as a mail of tables with inline styles, below 100 kB: a line for each instrument first. It loads nothing. */
export function digestHtml(digest: Digest): string {
  for (const size of SIZES) {
    const html = page(digest, size);
    if (utf8Length(html) < MAX_BYTES) return html;
  }
  return page(digest, { rows: 0, details: 0 });
}

function page(digest: Digest, size: Size): string {
  const title = titleOf(digest);
  return fragment`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><title>${title}</title></head>
<body style="margin:0;padding:0;background:#f1f3f6"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:12px 4px">
<table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:640px;background:#ffffff;${raw(FONT)}">
<tr><td style="padding:10px 14px"><h1 style="margin:6px 0;font-size:20px;line-height:1.25;color:#10305c">${title}</h1>${line(digest.headline)}</td></tr>
${!isEmpty(digest) && sections(digest, size)}<tr><td style="padding:10px 14px">${[...doneOf(digest), ...coverageOf(digest)].map((words) => line(words, SMALL))}${line(digest.note, SMALL)}</td></tr>
</table></td></tr></table></body></html>
`.markup;
}

function sections(digest: Digest, { rows, details }: Size): readonly (Fragment | false)[] {
  const { happened, late } = digest;
  const open = openByInstrument(digest);
  const held = heldByInstrument(digest);
  return [
    section('What happened', happened.slice(0, rows).map(rowOf), happened.length - rows),
    section('Late', late.slice(0, rows).map(lateRow(digest)), late.length - rows),
    section('What is open', open.slice(0, rows).map(openRow(digest)), open.length - rows),
    section('Held back', held.slice(0, rows).map(heldRow(digest)), held.length - rows),
    section('Details', happened.slice(0, details).map(detailsOf), happened.length - details),
  ];
}

/** @param more entries that are not shown */
function section(title: string, body: readonly Fragment[], more: number): Fragment | false {
  return (
    body.length + Math.max(0, more) > 0 &&
    fragment`<tr><td style="padding:10px 14px"><h2 style="margin:8px 0;padding-top:10px;border-top:2px solid #10305c;font-size:17px;color:#10305c">${title}</h2>
<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-size:14px">${body}</table>${more > 0 && line(`And ${more} more in the JSON of this digest.`, SMALL)}</td></tr>
`
  );
}

const line = (words: string | Fragment, style = ''): Fragment =>
  fragment`<p style="margin:0 0 6px;${raw(style)}">${words}</p>`;

/** A row: words, and money on the right. */
const tableRow = (words: Fragment, atStakeUsd: number): Fragment =>
  fragment`<tr><td style="${raw(CELL)}">${words}</td><td align="right" style="${raw(CELL)};white-space:nowrap">${usd(atStakeUsd)}</td></tr>
`;

const small = (words: string | Fragment): Fragment => fragment`<br><span style="${raw(SMALL)}">${words}</span>`;

const loud = (severity: string): Fragment | false =>
  severity === 'urgent' && fragment`<b style="${raw(URGENT)}">Urgent:</b> `;

const rowOf = (row: DigestRow): Fragment =>
  tableRow(fragment`${loud(row.severity)}${loudestOf(row)}${moreWords(row.matches - 1, beyondOf(row))}`, rowUsd(row));

const lateRow =
  (digest: Digest) =>
  (each: Digest['late'][number]): Fragment =>
    tableRow(fragment`${loud(each.severity)}${each.title}${small(lateWords(each, digest))}`, each.atStakeUsd);

const openRow =
  (digest: Digest) =>
  ({ each, more, beyond }: ReturnType<typeof openByInstrument>[number]): Fragment =>
    tableRow(
      fragment`${loud(each.severity)}${each.title}${moreWords(more, beyond)}${small(`${stateOf(each)}, ${sinceWords(each, digest)}`)}`,
      openUsd(each),
    );

const heldRow =
  (digest: Digest) =>
  ({ each, more }: ReturnType<typeof heldByInstrument>[number]): Fragment =>
    tableRow(
      fragment`${loud(each.severity)}${each.title}${moreWords(more)}${small(`${heldWords(each, digest)}, ${sinceWords(each, digest)}`)}`,
      each.atStakeUsd,
    );

function detailsOf({ ticker, items, matches, analyses, atStakeUsd }: DigestRow): Fragment {
  const more = matches - items.length;
  return tableRow(
    fragment`<b>${ticker}</b>${items.map(itemWords)}${more > 0 && small(`And ${more} more.`)}${analyses.map(
      ({ agent, summary }) => fragment`<br>${agent}: “${quoted(summary)}”`,
    )}`,
    atStakeUsd,
  );
}

const itemWords = ({ severity, title, rule, rulesVersion, event, outOfOrder }: DigestItem): Fragment =>
  fragment`<br>${severity}: ${title}${small(`Rule ${rule}, version ${rulesVersion}, event ${eventRef(event)}.${outOfOrder ? ' It came after newer events.' : ''}`)}`;

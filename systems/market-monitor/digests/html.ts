import { fragment, raw, type Fragment } from '#core/text/markup.ts';
import { utf8Length } from '#core/text/utf8-length.ts';
import { usd } from '../alerts/formats/words.ts';
import { eventRef } from '../events/event-ref.ts';
import type { Digest, DigestItem, DigestRow } from './digest.ts';
import { hourWords } from './headline.ts';
import { coverageOf, doneWords, isEmpty, quoted, stateOf, titleOf } from './text.ts';

/** Mail programs keep tables and inline styles, and little else. */
const FONT =
  'font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.45;color:#1c2430;overflow-wrap:anywhere';
const SMALL = 'font-size:13px;color:#56606e';
const CELL = 'border-top:1px solid #dde2e8;vertical-align:top;padding:6px 8px 6px 0';
const URGENT = 'color:#a32020';

/** Gmail cuts what is beyond 102 kB. */
const MAX_BYTES = 100_000;
const ROWS = [60, 30, 10, 3];

/** The digest as a mail of tables with inline styles, below 100 kB. It loads nothing. */
export function digestHtml(digest: Digest): string {
  for (const rows of ROWS) {
    const html = page(digest, rows);
    if (utf8Length(html) < MAX_BYTES) return html;
  }
  return page(digest, 0);
}

function page(digest: Digest, rows: number): string {
  const title = titleOf(digest);
  return fragment`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><title>${title}</title></head>
<body style="margin:0;padding:0;background:#f1f3f6"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:12px 4px">
<table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:640px;background:#ffffff;${raw(FONT)}">
<tr><td style="padding:10px 14px"><h1 style="margin:6px 0;font-size:20px;line-height:1.25;color:#10305c">${title}</h1>${line(digest.headline)}</td></tr>
${!isEmpty(digest) && sections(digest, rows)}<tr><td style="padding:10px 14px">${coverageOf(digest).map((words) => line(words, SMALL))}${line(digest.note, SMALL)}</td></tr>
</table></td></tr></table></body></html>
`.markup;
}

const sections = (digest: Digest, rows: number): readonly (Fragment | false)[] => [
  section('What happened', happened(digest, rows), digest.happened.length, rows),
  section('Late', late(digest, rows), digest.late.length, rows),
  section('What was done', done(digest, rows), digest.done.length, rows),
  section('What is open', open(digest, rows), digest.open.length, rows),
];

/** @param count all rows, of which `rows` are shown */
function section(title: string, body: readonly Fragment[], count: number, rows: number): Fragment | false {
  return (
    count > 0 &&
    fragment`<tr><td style="padding:10px 14px"><h2 style="margin:8px 0;padding-top:10px;border-top:2px solid #10305c;font-size:17px;color:#10305c">${title}</h2>
<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-size:14px">${body}</table>${count > rows && line(`And ${count - rows} more in the JSON of this digest.`, SMALL)}</td></tr>
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

const loud = (severity: string): Fragment =>
  severity === 'urgent' ? fragment`<b style="${raw(URGENT)}">urgent</b>` : fragment`${severity}`;

const happened = (digest: Digest, rows: number): readonly Fragment[] =>
  digest.happened.slice(0, rows).map((row) => tableRow(rowWords(row), row.atStakeUsd));

function rowWords({ ticker, items, matches, analyses }: DigestRow): Fragment {
  const more = matches - items.length;
  return fragment`<b>${ticker}</b>${items.map(itemWords)}${more > 0 && small(`And ${more} more.`)}${analyses.map(
    ({ agent, summary }) => fragment`<br>${agent}: “${quoted(summary)}”`,
  )}`;
}

const itemWords = ({ severity, title, rule, rulesVersion, event, outOfOrder }: DigestItem): Fragment =>
  fragment`<br>${loud(severity)}: ${title}${small(`Rule ${rule}, version ${rulesVersion}. Event ${eventRef(event)}.${outOfOrder ? ' It came after newer events.' : ''}`)}`;

const late = ({ late: all, portfolio }: Digest, rows: number): readonly Fragment[] =>
  all
    .slice(0, rows)
    .map((each) =>
      tableRow(
        fragment`<b>${each.ticker}</b><br>${loud(each.severity)}: ${each.title}${small(`Late, belongs to ${hourWords(each.belongsTo, portfolio.zone)}. It came ${Math.ceil(each.lateBySeconds / 60)} min after it happened. Event ${eventRef(each.event)}.`)}`,
        each.atStakeUsd,
      ),
    );

const done = (digest: Digest, rows: number): readonly Fragment[] =>
  digest.done
    .slice(0, rows)
    .map((each) =>
      tableRow(
        fragment`<b>${each.ticker}</b> ${doneWords(each)}: ${each.title}${small(`${each.at.slice(11, 16)} UTC. Event ${eventRef(each.event)}.`)}`,
        each.atStakeUsd,
      ),
    );

const open = (digest: Digest, rows: number): readonly Fragment[] =>
  digest.open
    .slice(0, rows)
    .map((each) =>
      tableRow(
        fragment`<b>${each.ticker}</b> ${each.cause}, ${loud(each.severity)}: ${each.title}${small(`${stateOf(each)}, since ${each.since.slice(0, 16).replace('T', ' ')} UTC. ${each.alert}`)}`,
        each.atStakeUsd,
      ),
    );

import { fragment, raw, type Fragment } from '#core/text/markup.ts';
import { shorten } from '#core/text/text.ts';
import type { Claim, Source } from '../../claims/claim.ts';
import type { NightRow } from '../../memory/memory.ts';
import { newsOf, notReached, type News } from '../brief.ts';
import type { Brief } from '../schema.ts';
import { INVENTED, KIND_WORDS, MOVE_WORDS, changeWords, headlineOf, stateWords, unlinked } from '../words.ts';

/** Mail clients keep tables and inline styles, and little else. */
const FONT = 'font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.45;color:#1c2430';
const SMALL = 'font-size:13px;color:#56606e';

/** A page of one table, 640 pixels wide: it loads nothing, and no style sheet or script is needed to read it. */
export const mailPage = (title: string, sections: readonly Fragment[]): string =>
  fragment`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><title>${title}</title></head>
<body style="margin:0;padding:0;background:#f1f3f6"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:16px">
<table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:640px;background:#ffffff;${raw(FONT)}">
${sections.map(
  (section) => fragment`<tr><td style="padding:14px 24px">${section}</td></tr>
`,
)}</table></td></tr></table></body></html>
`.markup;

export const heading = (words: string): Fragment =>
  fragment`<h2 style="margin:6px 0 8px;font-size:18px;color:#10305c">${words}</h2>`;

/** At most this many rows, so that Gmail does not cut the mail at 102 kB. The pages beside it have all. */
const MAX = { threats: 10, news: 25, moves: 10, unreached: 15, quote: 300 };

/** The page for executives: what changed, the top threats, why, what to watch, what is missing. */
export function mailHtml(brief: Brief): string {
  return mailPage(`Competitor brief, ${brief.night}`, [
    fragment`<h1 style="margin:0 0 6px;font-size:22px;color:#10305c">Competitor brief, ${brief.night}</h1><p style="margin:0">${headlineOf(brief)}</p>${notice(brief)}`,
    changes(brief),
    threats(brief),
    moves(brief),
    contradictions(brief),
    missing(brief),
    fragment`<p style="margin:0;${raw(SMALL)}">All companies are in the pages beside this one. Scores: ${rubricWords(brief)}. Quotes are the words of the linked pages; every quote was found in the fetched text, word for word. Cost $${brief.totals.usd.toFixed(4)}.</p>`,
  ]);
}

const notice = ({ simulated, simulatedWeb, late }: Brief): Fragment =>
  fragment`${late && fragment`<p style="margin:8px 0 0;color:#a32020"><b>This brief is late.</b></p>`}${
    simulated &&
    fragment`<p style="margin:8px 0 0;${raw(SMALL)}">A simulated model answered, by rules. This shows how the system works, not how well Claude reads.</p>`
  }${simulatedWeb && fragment`<p style="margin:8px 0 0;color:#a32020"><b>${INVENTED}</b></p>`}`;

function changes(brief: Brief): Fragment {
  const news = newsOf(brief);
  const rows = news.slice(0, MAX.news).map(newsRow);
  return fragment`${heading('What changed')}${
    news.length === 0 ? fragment`<p style="margin:0">Nothing new was found.</p>` : rows
  }${more(news.length, MAX.news)}`;
}

const more = (count: number, shown: number): Fragment =>
  fragment`${count > shown && fragment`<p style="margin:0;${raw(SMALL)}">And ${count - shown} more in the pages of the companies.</p>`}`;

const newsRow = ({ row, claim, before }: News): Fragment =>
  fragment`<p style="margin:0 0 10px"><b>${row.name}</b> · ${KIND_WORDS[claim.kind]} · ${claim.date}${before !== undefined && ' · changed'}<br>${claimWords(claim)}${before !== undefined && fragment`<br><span style="${raw(SMALL)}">Before (${before.date}): “${shorten(unlinked(before.quote), MAX.quote)}”</span>`}</p>`;

/** What the source says, in its words, with the link that code adds. */
export const claimWords = (claim: Claim): Fragment =>
  fragment`“${shorten(unlinked(claim.quote), MAX.quote)}” ${claim.sources.slice(0, 5).map((source, at) => fragment`${at > 0 && ', '}${sourceLink(source)}`)}`;

/** Only web addresses become links. */
export function sourceLink({ url, published, fetched }: Source): Fragment {
  const host = URL.canParse(url) ? new URL(url).hostname : url;
  const day = published === null ? `fetched ${fetched.slice(0, 10)}` : published.slice(0, 10);
  const isWeb = /^https?:\/\//i.test(url);
  return isWeb
    ? fragment`<a href="${url}" rel="noreferrer nofollow" style="color:#1a5fb4">${host}</a> (${day})`
    : fragment`${host} (${day})`;
}

function threats({ companies }: Brief): Fragment {
  const top = companies.filter(({ threat }) => threat.score > 0).slice(0, MAX.threats);
  if (top.length === 0)
    return fragment`${heading('Top threats')}<p style="margin:0">No company has a threat score above 0.</p>`;
  return fragment`${heading('Top threats')}<table width="100%" cellpadding="4" cellspacing="0" border="0" style="border-collapse:collapse;font-size:14px">
<tr><th align="left">Company</th><th align="right">Score</th><th align="right">Change</th><th align="left">Why</th></tr>
${top.map(threatRow)}</table>`;
}

const CELL = 'border-top:1px solid #dde2e8;vertical-align:top';

const threatRow = (row: NightRow): Fragment =>
  fragment`<tr><td style="${raw(CELL)}">${row.name}${row.state !== 'researched' && fragment`<br><span style="${raw(SMALL)}">${stateWords(row)}</span>`}</td><td align="right" style="${raw(CELL)}"><b>${row.threat.score.toFixed(0)}</b></td><td align="right" style="${raw(CELL)}">${changeWords(row.threat.change)}</td><td style="${raw(CELL)}">${partWords(row)}</td></tr>
`;

/** The parts of a score, the largest first. */
export const partWords = ({ threat }: NightRow, most = 3): string =>
  threat.parts
    .slice(0, most)
    .map(({ what, points }) => `${what.replace(/^claim /, '')} ${points.toFixed(1)}`)
    .join(', ') + (threat.parts.length > most ? ` and ${threat.parts.length - most} more` : '');

function moves({ moves: found, companies, totals }: Brief): Fragment {
  const names = new Map(companies.map(({ id, name }) => [id, name]));
  const rows = found
    .slice(0, MAX.moves)
    .map(
      ({ by, against, kind, magnitude, why }) =>
        fragment`<p style="margin:0 0 6px"><b>${names.get(by)}</b> ${MOVE_WORDS[kind]} <b>${names.get(against)}</b> (${magnitude} of 5): ${shorten(unlinked(why), MAX.quote)}</p>`,
    );
  const unchecked =
    totals.uncheckedPairs > 0 &&
    fragment`<p style="margin:0;color:#a32020">${totals.uncheckedPairs} pairs of companies were not checked. That says nothing about them.</p>`;
  return fragment`${heading('What to watch: who moves against whom')}${
    rows.length === 0 ? fragment`<p style="margin:0">No move was found among the pairs that were checked.</p>` : rows
  }${unchecked}`;
}

function contradictions({ companies }: Brief): Fragment {
  const found = companies.flatMap((row) => row.contradictions.map((each) => ({ row, ...each })));
  if (found.length === 0)
    return fragment`${heading('Contradictions')}<p style="margin:0">No source contradicts another one.</p>`;
  return fragment`${heading('Contradictions')}${found.slice(0, 10).map(({ row, a, b }) => fragment`<p style="margin:0 0 8px"><b>${row.name}</b>: ${claimWords(a)}<br>but ${claimWords(b)}</p>`)}${more(found.length, 10)}`;
}

function missing(brief: Brief): Fragment {
  const rows = notReached(brief);
  if (rows.length === 0)
    return fragment`${heading('What was not reached')}<p style="margin:0">Every company was reached.</p>`;
  return fragment`${heading('What was not reached')}<p style="margin:0 0 6px">${rows.length} of ${brief.totals.companies} companies. Nothing here means that nothing happened.</p>${rows.slice(0, MAX.unreached).map((row) => fragment`<p style="margin:0 0 4px"><b>${row.name}</b>: ${shorten(stateWords(row), 200)}</p>`)}${more(rows.length, MAX.unreached)}`;
}

const rubricWords = ({ rubric }: Brief): string =>
  `magnitude × weight × decay (half after ${rubric.halfLifeDays} days) × fit of the sector, bent below 100`;

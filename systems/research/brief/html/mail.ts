import { fragment, raw, type Fragment } from '#core/text/markup.ts';
import { shorten } from '#core/text/text.ts';
import { utf8Length } from '#core/text/utf8-length.ts';
import type { NightRow } from '../../memory/memory.ts';
import type { Claim } from '../../claims/claim.ts';
import type { Move } from '../../strategy/move.ts';
import { evidenceOf, newsOf, notReached, type News } from '../brief.ts';
import { fileName } from '../file-name.ts';
import { inShort, MAX, type Shown } from '../in-short.ts';
import type { Brief } from '../schema.ts';
import { axisOf, type Axis } from '../trend.ts';
import { unreadWords } from '../unread.ts';
import {
  changeWords,
  headlineOf,
  INVENTED,
  KIND_WORDS,
  madeWords,
  missingWords,
  MOVE_WORDS,
  noContradictionWords,
  noneMissingWords,
  noNewsWords,
  partWords,
  problemWords,
  stateWords,
} from '../words.ts';
import {
  ALARM,
  CELL,
  chart,
  claimWords,
  HEAD,
  heading,
  line,
  mailPage,
  NUMBER,
  more,
  quoted,
  SMALL,
  title,
  WORDS_HEAD,
} from './page.ts';

export interface MailOptions {
  /** Whether names link to the pages of companies, which lie beside the page. In a mail there are none. @default false */
  readonly linked?: boolean;
}

/** Gmail cuts what is beyond 102 kB. */
const MAX_BYTES = 100_000;
/** Links and signs that HTML escapes can be long, so fewer rows are tried until the page is small enough. */
const SHARES = [1, 0.6, 0.3, 0.1];

/** The page for executives: the threats, what changed, why, what to watch, what is missing. Below 100 kB. */
export function mailHtml(brief: Brief, options: MailOptions = {}): string {
  for (const share of SHARES) {
    const most = Object.fromEntries(Object.entries(MAX).map(([what, rows]) => [what, Math.ceil(rows * share)]));
    const html = pageOf(brief, options, { ...MAX, ...most });
    if (utf8Length(html) < MAX_BYTES) return html;
  }
  return pageOf(brief, options, { threats: 3, news: 0, moves: 0, contradictions: 0, unreached: 0 });
}

/** A company's name, in the words of the list. */
type NameOf = (row: Pick<NightRow, 'id' | 'name'>) => Fragment;

function pageOf(brief: Brief, { linked = false }: MailOptions, most: Shown): string {
  const nameOf: NameOf = ({ id, name }) =>
    linked
      ? fragment`<a href="companies/${encodeURIComponent(fileName(id))}.html" style="color:#10305c"><b>${name}</b></a>`
      : fragment`<b>${name}</b>`;
  return mailPage(`Competitor brief, ${brief.night}`, [
    fragment`${title(`Competitor brief, ${brief.night}`)}${notices(brief)}${line(headlineOf(brief))}${inShort(brief).map((words) => line(words))}`,
    threats(brief, nameOf, most),
    changes(brief, nameOf, most),
    moves(brief, nameOf, most),
    contradictions(brief, nameOf, most),
    missing(brief, nameOf, most),
    footer(brief, linked),
  ]);
}

/** What a reader must know before the rest. */
const notices = (brief: Brief): Fragment =>
  fragment`${alarmLine(problemWords(brief))}${alarmLine(missingWords(brief))}${unreadWords(brief).map((words) => alarmLine(words))}${brief.late && line(fragment`<b>This brief is late.</b>`, ALARM)}${
    brief.simulatedWeb && line(fragment`<b>${INVENTED}</b>`, ALARM)
  }${brief.simulated && line('A simulated model answered, by rules. This shows how the system works, not how well Claude reads.', SMALL)}`;

const alarmLine = (words: string | null): Fragment | false => words !== null && line(fragment`<b>${words}</b>`, ALARM);

function threats(brief: Brief, nameOf: NameOf, most: Shown): Fragment {
  const all = brief.companies.filter(({ threat }) => threat.score > 0);
  if (all.length === 0) return fragment`${heading('Top threats')}${line('No company has a threat score above 0.')}`;
  const axis = axisOf(brief);
  const hasTrend = axis.nights.length > 1;
  return fragment`${heading('Top threats')}<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-size:14px">
<tr><th align="left" style="${raw(WORDS_HEAD)}">Company, trend and why</th><th align="right" style="${raw(HEAD)}">Score</th><th align="right" style="${raw(HEAD)}">Change</th></tr>
${all.slice(0, most.threats).map((row) => threatRow(row, hasTrend ? axis : null, nameOf))}</table>${
    hasTrend && line(`Charts: ${axis.nights.length} nights, all on one scale from 0 to ${axis.top.toFixed(0)}.`, SMALL)
  }`;
}

/** The reasons stand below the name, so that a telephone has room for them. */
const threatRow = (row: NightRow, axis: Axis | null, nameOf: NameOf): Fragment =>
  fragment`<tr><td style="${raw(CELL)}">${nameOf(row)}${row.state !== 'researched' && row.state !== 'unchanged' && fragment` <span style="${raw(SMALL)}">${shorten(stateWords(row), 100)}</span>`}<br>${axis !== null && fragment`${chart(row, axis)} `}<span style="${raw(SMALL)}">${partWords(row)}</span></td><td align="right" style="${raw(NUMBER)}"><b>${row.threat.score.toFixed(0)}</b></td><td align="right" style="${raw(NUMBER)}">${changeWords(row.threat.change)}</td></tr>
`;

function changes(brief: Brief, nameOf: NameOf, most: Shown): Fragment {
  const news = newsOf(brief);
  if (news.length === 0) return fragment`${heading('What changed')}${line(noNewsWords(brief))}`;
  return fragment`${heading('What changed')}${news.slice(0, most.news).map((each) => newsRow(each, nameOf))}${more(news.length, most.news)}`;
}

const newsRow = ({ row, claim, before }: News, nameOf: NameOf): Fragment =>
  fragment`<p style="margin:0 0 10px">${nameOf(row)} · ${KIND_WORDS[claim.kind]} · ${claim.date}${before !== undefined && ' · changed'}<br>${claimWords(claim)}${before !== undefined && fragment`<br><span style="${raw(SMALL)}">Before (${before.date}): “${quoted(before.quote)}”</span>`}</p>
`;

function moves({ moves: found, companies, totals }: Brief, nameOf: NameOf, most: Shown): Fragment {
  const rows = new Map(companies.map((row) => [row.id, row]));
  const company = (id: string): Fragment => nameOf(rows.get(id) ?? { id, name: id });
  return fragment`${heading('What to watch: who moves against whom')}${
    found.length === 0 && line('No move was found among the pairs that were checked.')
  }${found
    .slice(0, most.moves)
    .map((move) =>
      moveLine(move, company, evidenceOf(companies, move)),
    )}${more(found.length, most.moves)}${totals.uncheckedPairs > 0 && line(`${totals.uncheckedPairs} pairs of companies were not checked. That says nothing about them.`, ALARM)}`;
}

const moveLine = ({ by, against, kind, magnitude, why }: Move, company: (id: string) => Fragment, claim?: Claim) =>
  line(
    fragment`${company(by)} ${MOVE_WORDS[kind]} ${company(against)} (${magnitude} of 5): ${quoted(why)}${claim !== undefined && fragment`<br>${claimWords(claim)}`}`,
  );

function contradictions(brief: Brief, nameOf: NameOf, most: Shown): Fragment {
  const found = brief.companies.flatMap((row) => row.contradictions.map((each) => ({ row, ...each })));
  if (found.length === 0) return fragment`${heading('Contradictions')}${line(noContradictionWords(brief))}`;
  return fragment`${heading('Contradictions')}${line('Both are shown. The second one counts in no score.', SMALL)}${found
    .slice(0, most.contradictions)
    .map(({ row, a, b }) =>
      line(fragment`${nameOf(row)}: ${claimWords(a)}<br>but ${claimWords(b)}`),
    )}${more(found.length, most.contradictions)}`;
}

function missing(brief: Brief, nameOf: NameOf, most: Shown): Fragment {
  const rows = notReached(brief);
  if (rows.length === 0) return fragment`${heading('What is missing')}${line(noneMissingWords(brief))}`;
  return fragment`${heading('What is missing')}${rows
    .slice(0, most.unreached)
    .map((row) =>
      line(fragment`${nameOf(row)}: ${shorten(stateWords(row), 200)}`),
    )}${more(rows.length, most.unreached)}`;
}

const footer = (brief: Brief, linked: boolean): Fragment =>
  fragment`${heading('How to read it')}${
    linked &&
    line(
      fragment`<a href="companies.html" style="color:#1a5fb4">All companies</a> · <a href="appendix.html" style="color:#1a5fb4">Sources and failures</a> · <a href="brief.pdf" style="color:#1a5fb4">PDF</a>`,
    )
  }${line(`Quotes are the words of the linked pages. Each was found in the fetched text, word for word. A score is computed from kinds, magnitudes and dates: ${rubricWords(brief)}.`, SMALL)}${line(`${madeWords(brief)} It cost $${brief.totals.usd.toFixed(2)}.`, SMALL)}`;

const rubricWords = ({ rubric }: Brief): string =>
  `the sum of magnitude × weight × decay (half after ${rubric.halfLifeDays} days) × fit of the sector, bent below 100`;

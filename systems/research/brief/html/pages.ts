import { fragment, raw, type Fragment } from '#core/text/markup.ts';
import type { NightRow } from '../../memory/memory.ts';
import { fileName } from '../file-name.ts';
import type { Brief } from '../schema.ts';
import { axisOf, trendWords, type Axis } from '../trend.ts';
import { evidenceOf } from '../brief.ts';
import { changeWords, count, INVENTED, KIND_WORDS, missingWords, MOVE_WORDS, stateWords, whatWords } from '../words.ts';
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
  quoted,
  SMALL,
  sourceLink,
  title,
} from './page.ts';
import { svgChart } from './svg.ts';

const WIDE = 900;

/** The page of one company: its news, its score by parts, its sources and failures. */
export function companyPage(row: NightRow, brief: Brief, axis: Axis): string {
  const news = [...row.fresh.map((claim) => ({ claim, before: undefined })), ...row.changed];
  const about = [row.sector, row.night, stateWords(row), `${count(row.known, 'claim')} known before`];
  return mailPage(`${row.name}, ${row.night}`, [
    fragment`${line(fragment`<a href="../brief.html" style="color:#1a5fb4">Brief</a> · <a href="../companies.html" style="color:#1a5fb4">All companies</a>`, SMALL)}${title(row.name)}${line(about.filter((each) => each !== null).join(' · '))}${brief.simulatedWeb && line(fragment`<b>${INVENTED}</b>`, ALARM)}`,
    fragment`${heading('New and changed')}${news.length === 0 && line('Nothing.')}${news.map(({ claim, before }) =>
      line(
        fragment`<b>${KIND_WORDS[claim.kind]}</b> · ${claim.date} · magnitude ${claim.magnitude} of 5<br>${claimWords(claim)}${before !== undefined && fragment`<br>Before: ${claimWords(before)}`}`,
      ),
    )}`,
    moveSection(row, brief),
    scoreSection(row, axis),
    fragment`${heading('Contradictions')}${row.contradictions.length === 0 && line('None.')}${row.contradictions.map(({ a, b }) => line(fragment`${claimWords(a)}<br>but ${claimWords(b)}`))}`,
    fragment`${heading('What was not read')}${row.failures.length + row.warnings.length === 0 && line('Nothing.')}${row.warnings.map((warning) => line(warning))}${row.failures.map(failure)}`,
  ]);
}

const failure = ({ url, reason }: NightRow['failures'][number]): Fragment =>
  line(fragment`<span style="overflow-wrap:anywhere">${url}</span>: ${reason}`);

/** The moves of a night by and against a company, each with the words that show it. */
function moveSection({ id }: NightRow, { moves, companies }: Brief): Fragment {
  const found = moves.filter(({ by, against }) => by === id || against === id);
  const nameOf = (company: string): string => companies.find((each) => each.id === company)?.name ?? company;
  return fragment`${heading('Who moves against whom')}${found.length === 0 && line('No move was found tonight.')}${found.map(
    (move) => {
      const claim = evidenceOf(companies, move);
      return line(
        fragment`<b>${nameOf(move.by)}</b> ${MOVE_WORDS[move.kind]} <b>${nameOf(move.against)}</b> (${move.magnitude} of 5): ${quoted(move.why)}${claim !== undefined && fragment`<br>${claimWords(claim)}`}`,
      );
    },
  )}`;
}

/** The claims that a part of a score rests on, in the words of their sources. */
function shownBy({ fresh, changed, evidence }: NightRow, ids: readonly string[]): Fragment {
  const claims = [...fresh, ...changed.map(({ claim }) => claim), ...evidence].filter(({ id }) => ids.includes(id));
  return fragment`${claims.map((claim) => fragment`<br><span style="${raw(SMALL)}">${claim.date}: ${claimWords(claim)}</span>`)}`;
}

function scoreSection(row: NightRow, axis: Axis): Fragment {
  const { threat, trend } = row;
  const parts = threat.parts.map(
    ({ what, evidence, magnitude, weight, decay, sectorFit, points }) =>
      fragment`<tr><td style="${raw(CELL)}">${whatWords(what)}${shownBy(row, evidence)}</td>${[String(magnitude), String(weight), decay.toFixed(2), String(sectorFit), points.toFixed(2)].map((cell) => fragment`<td align="right" style="${raw(NUMBER)}">${cell}</td>`)}</tr>
`,
  );
  return fragment`${heading(`Threat score ${threat.score.toFixed(1)} (${changeWords(threat.change)})`)}${
    trend.length > 1 && fragment`${svgChart(trend, axis)}${line(`${trendWords(trend)}.`, SMALL)}`
  }${
    parts.length > 0 &&
    fragment`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-size:14px"><tr><th align="left" style="${raw(HEAD)}">Part</th>${['Magnitude', 'Weight', 'Decay', 'Sector', 'Points'].map((name) => fragment`<th align="right" style="${raw(HEAD)}">${name}</th>`)}</tr>
${parts}</table>`
  }`;
}

/** A line for every company, the highest score first. */
export function companiesPage(brief: Brief): string {
  const axis = axisOf(brief);
  const hasTrend = axis.nights.length > 1;
  const missing = missingWords(brief);
  const rows = brief.companies.map(
    (row) =>
      fragment`<tr><td style="${raw(CELL)}"><a href="companies/${encodeURIComponent(fileName(row.id))}.html" style="color:#1a5fb4">${row.name}</a></td><td align="right" style="${raw(NUMBER)}">${row.threat.score.toFixed(1)}</td><td align="right" style="${raw(NUMBER)}">${changeWords(row.threat.change)}</td>${hasTrend && fragment`<td style="${raw(CELL)}">${chart(row, axis)}</td>`}<td align="right" style="${raw(NUMBER)}">${row.fresh.length + row.changed.length}</td><td style="${raw(CELL)};overflow-wrap:break-word">${stateWords(row)}</td></tr>
`,
  );
  const heads = ['Company', 'Score', 'Change', ...(hasTrend ? ['Trend'] : []), 'News', 'State'];
  return mailPage(
    `All companies, ${brief.night}`,
    [
      fragment`${line(fragment`<a href="brief.html" style="color:#1a5fb4">Brief</a>`, SMALL)}${title(`All companies, ${brief.night}`)}${missing !== null && line(fragment`<b>${missing}</b>`, ALARM)}${brief.simulatedWeb && line(fragment`<b>${INVENTED}</b>`, ALARM)}`,
      fragment`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-size:14px"><tr>${heads.map((name) => fragment`<th align="${name === 'Score' || name === 'Change' || name === 'News' ? 'right' : 'left'}" style="${raw(HEAD)}">${name}</th>`)}</tr>
${rows}</table>`,
    ],
    WIDE,
  );
}

/** All sources that are cited, and everything that failed. */
export function appendixPage(brief: Brief): string {
  const cited = brief.companies.flatMap((row) => {
    const claims = [...row.fresh, ...row.changed.map(({ claim }) => claim)];
    const sources = new Map(claims.flatMap((claim) => claim.sources).map((source) => [source.url, source]));
    return sources.size === 0 ? [] : [{ row, sources: [...sources.values()] }];
  });
  const failed = brief.companies.filter(({ failures, warnings }) => failures.length + warnings.length > 0);
  return mailPage(
    `Sources and failures, ${brief.night}`,
    [
      fragment`${line(fragment`<a href="brief.html" style="color:#1a5fb4">Brief</a> · <a href="companies.html" style="color:#1a5fb4">All companies</a>`, SMALL)}${title(`Sources and failures, ${brief.night}`)}${brief.simulatedWeb && line(fragment`<b>${INVENTED}</b>`, ALARM)}`,
      fragment`${heading('Sources')}${cited.length === 0 && line('None is cited.')}${cited.map(({ row, sources }) => fragment`<p style="margin:0 0 8px"><b>${row.name}</b>${sources.map((source) => fragment`<br>${source.title || 'untitled'}, ${sourceLink(source)}`)}</p>`)}`,
      fragment`${heading('Failures')}${failed.length === 0 && line('None.')}${failed.map((row) => fragment`<p style="margin:8px 0 2px"><b>${row.name}</b></p>${row.warnings.map((warning) => line(warning))}${row.failures.map(failure)}`)}`,
    ],
    WIDE,
  );
}

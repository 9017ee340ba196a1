import { fragment, type Fragment } from '#core/text/markup.ts';
import type { NightRow } from '../../memory/memory.ts';
import type { Brief } from '../schema.ts';
import { changeWords, KIND_WORDS, stateWords } from '../words.ts';
import { claimWords, heading, mailPage, sourceLink } from './mail.ts';

/** The page of one company: its news, its score by parts, its sources and failures. */
export function companyPage(row: NightRow): string {
  const news = [...row.fresh.map((claim) => ({ claim, before: undefined })), ...row.changed];
  return mailPage(`${row.name}, ${row.night}`, [
    fragment`<h1 style="margin:0 0 6px;font-size:22px;color:#10305c">${row.name}</h1><p style="margin:0">${row.sector}${row.sector !== null && ' · '}${row.night} · ${stateWords(row)} · ${row.known} claims known before</p>`,
    fragment`${heading('New and changed')}${news.length === 0 && fragment`<p style="margin:0">Nothing.</p>`}${news.map(
      ({ claim, before }) =>
        fragment`<p style="margin:0 0 10px"><b>${KIND_WORDS[claim.kind]}</b> · ${claim.date} · magnitude ${claim.magnitude}<br>${claimWords(claim)}${before !== undefined && fragment`<br>Before: ${claimWords(before)}`}</p>`,
    )}`,
    scoreSection(row),
    fragment`${heading('Contradictions')}${row.contradictions.length === 0 && fragment`<p style="margin:0">None.</p>`}${row.contradictions.map(({ a, b }) => fragment`<p>${claimWords(a)}<br>but ${claimWords(b)}</p>`)}`,
    fragment`${heading('What was not read')}${row.failures.length + row.warnings.length === 0 && fragment`<p style="margin:0">Nothing.</p>`}${row.warnings.map((warning) => fragment`<p style="margin:0 0 4px">${warning}</p>`)}${row.failures.map(failure)}`,
  ]);
}

const failure = ({ url, reason }: NightRow['failures'][number]): Fragment =>
  fragment`<p style="margin:0 0 4px">${url}: ${reason}</p>`;

function scoreSection({ threat }: NightRow): Fragment {
  const parts = threat.parts.map(
    ({ what, magnitude, weight, decay, sectorFit, points }) =>
      fragment`<tr><td>${what}</td><td align="right">${magnitude}</td><td align="right">${weight}</td><td align="right">${decay.toFixed(2)}</td><td align="right">${sectorFit}</td><td align="right">${points.toFixed(2)}</td></tr>
`,
  );
  return fragment`${heading(`Threat score ${threat.score.toFixed(1)} (${changeWords(threat.change)})`)}${
    parts.length > 0 &&
    fragment`<table width="100%" cellpadding="3" cellspacing="0" border="0" style="font-size:14px"><tr><th align="left">Part</th><th align="right">Magnitude</th><th align="right">Weight</th><th align="right">Decay</th><th align="right">Sector</th><th align="right">Points</th></tr>
${parts}</table>`
  }`;
}

/** All sources that are cited, and everything that failed. */
export function appendixPage(brief: Brief): string {
  const cited = brief.companies.flatMap((row) => {
    const claims = [...row.fresh, ...row.changed.map(({ claim }) => claim)];
    const sources = new Map(claims.flatMap((claim) => claim.sources).map((source) => [source.url, source]));
    return sources.size === 0 ? [] : [{ row, sources: [...sources.values()] }];
  });
  const failed = brief.companies.filter(({ failures, warnings }) => failures.length + warnings.length > 0);
  return mailPage(`Sources and failures, ${brief.night}`, [
    fragment`<h1 style="margin:0;font-size:22px;color:#10305c">Sources and failures, ${brief.night}</h1>`,
    fragment`${heading('Sources')}${cited.map(({ row, sources }) => fragment`<p style="margin:0 0 8px"><b>${row.name}</b>: ${sources.map((source, at) => fragment`${at > 0 && ', '}${source.title || 'untitled'} ${sourceLink(source)}`)}</p>`)}`,
    fragment`${heading('Failures')}${failed.map((row) => fragment`<p style="margin:8px 0 2px"><b>${row.name}</b></p>${row.warnings.map((warning) => fragment`<p style="margin:0">${warning}</p>`)}${row.failures.map(failure)}`)}`,
  ]);
}

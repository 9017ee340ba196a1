import type { Claim } from '../claims/claim.ts';
import { evidenceOf, newsOf, notReached } from './brief.ts';
import { inShort, MAX } from './in-short.ts';
import type { Brief } from './schema.ts';
import { axisOf, blocksOf } from './trend.ts';
import { unreadWords } from './unread.ts';
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
  oneLine,
  partWords,
  problemWords,
  stateWords,
} from './words.ts';
import { wrap } from './wrap.ts';

/** The brief as plain text of 72 columns, for mail programs without HTML. */
export function mailText(brief: Brief): string {
  const sections = [
    [`COMPETITOR BRIEF, ${brief.night}`, ...firstLines(brief)],
    ['TOP THREATS', ...threatLines(brief)],
    ['WHAT CHANGED', ...newsLines(brief)],
    ['WHAT TO WATCH', ...moveLines(brief)],
    ['CONTRADICTIONS', ...contradictionLines(brief)],
    ['WHAT IS MISSING', ...missingLines(brief)],
    [madeWords(brief)],
  ];
  const lines = sections.map((section) => section.flatMap((line) => wrap(line, indentOf(line))).join('\n'));
  return `${lines.join('\n\n')}\n`;
}

/** The next lines of an item stand below its words. */
const indentOf = (line: string): string => (/^(?:- | {2})/.test(line) ? '  ' : '');

/** The first lines: what a reader must know, and the night in short. */
export const firstLines = (brief: Brief): string[] => [...noticeLines(brief), headlineOf(brief), ...inShort(brief)];

function noticeLines(brief: Brief): string[] {
  return [
    ...[problemWords(brief), missingWords(brief), ...unreadWords(brief)].filter((words) => words !== null),
    ...(brief.late ? ['This brief is late.'] : []),
    ...(brief.simulatedWeb ? [INVENTED] : []),
    ...(brief.simulated ? ['A simulated model answered, by rules.'] : []),
  ];
}

function threatLines(brief: Brief): string[] {
  const axis = axisOf(brief);
  const top = brief.companies.filter(({ threat }) => threat.score > 0).slice(0, MAX.threats);
  if (top.length === 0) return ['No company has a threat score above 0.'];
  return top.flatMap((row) => [
    `- ${oneLine(row.name)}: ${row.threat.score.toFixed(0)} (${changeWords(row.threat.change)})`,
    ...(axis.nights.length > 1 ? [`  ${blocksOf(row.trend, axis)}`] : []),
    `  ${partWords(row)}`,
  ]);
}

function newsLines(brief: Brief): string[] {
  const news = newsOf(brief);
  if (news.length === 0) return [noNewsWords(brief)];
  const lines = news
    .slice(0, MAX.news)
    .flatMap(({ row, claim, before }) => [
      `- ${oneLine(row.name)}, ${KIND_WORDS[claim.kind]}, ${claim.date}${before === undefined ? '' : ', changed'}`,
      ...claimLines(claim),
      ...(before === undefined ? [] : [`  Before (${before.date}): "${oneLine(before.quote)}"`]),
    ]);
  return [...lines, ...moreLine(news.length, MAX.news)];
}

function moveLines({ companies, moves, totals }: Brief): string[] {
  const names = new Map(companies.map(({ id, name }) => [id, oneLine(name)]));
  return [
    ...(moves.length === 0 ? ['No move was found among the pairs that were checked.'] : []),
    ...moves.slice(0, MAX.moves).flatMap((move) => {
      const { by, against, kind, magnitude, why } = move;
      const claim = evidenceOf(companies, move);
      return [
        `- ${names.get(by) ?? by} ${MOVE_WORDS[kind]} ${names.get(against) ?? against} (${magnitude} of 5): ${oneLine(why)}`,
        ...(claim === undefined ? [] : claimLines(claim)),
      ];
    }),
    ...moreLine(moves.length, MAX.moves),
    ...(totals.uncheckedPairs === 0
      ? []
      : [`${totals.uncheckedPairs} pairs were not checked. That says nothing about them.`]),
  ];
}

function contradictionLines(brief: Brief): string[] {
  const found = brief.companies.flatMap((row) => row.contradictions.map((each) => ({ row, ...each })));
  if (found.length === 0) return [noContradictionWords(brief)];
  const lines = found
    .slice(0, MAX.contradictions)
    .flatMap(({ row, a, b }) => [`- ${oneLine(row.name)}`, ...claimLines(a), '  but', ...claimLines(b)]);
  return [...lines, ...moreLine(found.length, MAX.contradictions)];
}

function missingLines(brief: Brief): string[] {
  const rows = notReached(brief);
  if (rows.length === 0) return [noneMissingWords(brief)];
  const lines = rows.slice(0, MAX.unreached).map((row) => `- ${oneLine(row.name)}: ${oneLine(stateWords(row))}`);
  return [...lines, ...moreLine(rows.length, MAX.unreached)];
}

const claimLines = ({ quote, sources, undated }: Claim): string[] => [
  `  "${oneLine(quote)}"`,
  ...(undated === true ? ['  No source gives the day of the event: the date is that of the fetch.'] : []),
  ...sources.slice(0, 5).map(({ url }) => `  ${url}`),
];

const moreLine = (count: number, shown: number): string[] => (count > shown ? [`And ${count - shown} more.`] : []);

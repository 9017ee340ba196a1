import { shorten } from '#core/text/text.ts';
import type { Claim } from '../claims/claim.ts';
import { newsOf, notReached } from './brief.ts';
import { partWords } from './html/mail.ts';
import type { Brief } from './schema.ts';
import { changeWords, headlineOf, INVENTED, KIND_WORDS, MOVE_WORDS, stateWords, unlinked } from './words.ts';

const MAX = { news: 25, threats: 10, moves: 10, unreached: 15, quote: 300 };

/** The brief as plain text, for mail clients without HTML. */
export function mailText(brief: Brief): string {
  const names = new Map(brief.companies.map(({ id, name }) => [id, oneLine(name)]));
  const news = newsOf(brief);
  const unreached = notReached(brief);
  const lines = [
    `COMPETITOR BRIEF, ${brief.night}`,
    headlineOf(brief),
    ...(brief.late ? ['This brief is late.'] : []),
    ...(brief.simulated ? ['A simulated model answered, by rules.'] : []),
    ...(brief.simulatedWeb ? [INVENTED] : []),
    '',
    'WHAT CHANGED',
    ...(news.length === 0 ? ['Nothing new was found.'] : []),
    ...news
      .slice(0, MAX.news)
      .flatMap(({ row, claim, before }) => [
        `- ${oneLine(row.name)}, ${KIND_WORDS[claim.kind]}, ${claim.date}${before === undefined ? '' : ', changed'}`,
        ...claimLines(claim),
      ]),
    ...moreLine(news.length, MAX.news),
    '',
    'TOP THREATS',
    ...brief.companies
      .filter(({ threat }) => threat.score > 0)
      .slice(0, MAX.threats)
      .map(
        (row) =>
          `- ${oneLine(row.name)}: ${row.threat.score.toFixed(0)} (${changeWords(row.threat.change)}) ${partWords(row)}`,
      ),
    '',
    'WHAT TO WATCH',
    ...(brief.moves.length === 0 ? ['No move was found among the pairs that were checked.'] : []),
    ...brief.moves
      .slice(0, MAX.moves)
      .map(
        ({ by, against, kind, why }) => `- ${names.get(by)} ${MOVE_WORDS[kind]} ${names.get(against)}: ${oneLine(why)}`,
      ),
    ...(brief.totals.uncheckedPairs === 0
      ? []
      : [`${brief.totals.uncheckedPairs} pairs were not checked. That says nothing about them.`]),
    '',
    'CONTRADICTIONS',
    ...contradictionLines(brief),
    '',
    'WHAT WAS NOT REACHED',
    ...(unreached.length === 0 ? ['Every company was reached.'] : []),
    ...unreached.slice(0, MAX.unreached).map((row) => `- ${oneLine(row.name)}: ${oneLine(stateWords(row))}`),
    ...moreLine(unreached.length, MAX.unreached),
  ];
  return `${lines.join('\n')}\n`;
}

const oneLine = (text: string): string =>
  shorten(
    unlinked(text)
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
    MAX.quote,
  );

const claimLines = ({ quote, sources }: Claim): string[] => [
  `  "${oneLine(quote)}"`,
  ...sources.slice(0, 5).map(({ url }) => `  ${url}`),
];

const moreLine = (count: number, shown: number): string[] => (count > shown ? [`And ${count - shown} more.`] : []);

function contradictionLines({ companies }: Brief): string[] {
  const found = companies.flatMap((row) => row.contradictions.map((each) => ({ row, ...each })));
  if (found.length === 0) return ['No source contradicts another one.'];
  return found
    .slice(0, 10)
    .flatMap(({ row, a, b }) => [`- ${oneLine(row.name)}`, ...claimLines(a), '  but', ...claimLines(b)]);
}

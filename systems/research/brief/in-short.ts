import type { NightRow } from '../memory/memory.ts';
import { newsOf } from './brief.ts';
import type { Brief } from './schema.ts';
import { changeWords, KIND_WORDS, oneLine } from './words.ts';

/** Most rows of the page for executives and its text. The pages of companies have all. */
export const MAX = { threats: 10, news: 15, moves: 8, contradictions: 5, unreached: 15 };
export type Shown = Readonly<typeof MAX>;

const SHOWN = 3;

/** The night in at most three sentences. */
export function inShort(brief: Brief): string[] {
  const highest = brief.companies.filter(({ threat }) => threat.score > 0).slice(0, SHOWN);
  const rose = brief.companies
    .filter(({ threat }) => (threat.change ?? 0) > 0)
    .toSorted((a, b) => (b.threat.change ?? 0) - (a.threat.change ?? 0))
    .slice(0, SHOWN);
  const kinds = kindsOf(brief);
  return [
    ...sentence('Highest scores', highest, ({ threat }) => threat.score.toFixed(0)),
    ...sentence('Rose most', rose, ({ threat }) => `${changeWords(threat.change)} to ${threat.score.toFixed(0)}`),
    ...(kinds.length === 0 ? [] : [`News by kind: ${kinds.join(', ')}.`]),
  ];
}

const sentence = (what: string, rows: readonly NightRow[], words: (row: NightRow) => string): string[] =>
  rows.length === 0 ? [] : [`${what}: ${rows.map((row) => `${oneLine(row.name, 60)} (${words(row)})`).join(', ')}.`];

function kindsOf(brief: Brief): string[] {
  const counts = new Map<string, number>();
  for (const { claim } of newsOf(brief)) {
    const words = KIND_WORDS[claim.kind];
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([words, found]) => `${words} ${found}`);
}

import { shorten } from '#core/text/text.ts';
import type { ClaimKind } from '../claims/claim.ts';
import type { CompanyState, NightRow } from '../memory/memory.ts';
import type { MoveKind } from '../strategy/move.ts';
import type { Brief } from './schema.ts';

export const KIND_WORDS: Readonly<Record<ClaimKind, string>> = {
  launch: 'launch',
  'price-cut': 'price cut',
  'price-rise': 'price rise',
  funding: 'funding',
  deal: 'deal',
  leadership: 'leadership',
  hiring: 'hiring',
  layoffs: 'layoffs',
  expansion: 'expansion',
  lawsuit: 'lawsuit',
  outage: 'outage',
  results: 'results',
  rename: 'new name',
  other: 'other',
};

export const MOVE_WORDS: Readonly<Record<MoveKind, string>> = {
  undercuts: 'undercuts',
  'launches-against': 'launches against',
  'takes-customers': 'goes for customers of',
  'takes-people': 'takes people from',
  'buys-into': 'buys into the market of',
  sues: 'sues',
  other: 'moves against',
};

/** The words of a page or a model without links, which mail programs would open: the only links are those of sources. */
export const unlinked = (text: string): string =>
  text.replaceAll(/\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.)\S+/gi, '[link left out]');

/** Names of companies may be real ones. */
export const INVENTED = 'The sites are simulated: what they say about these companies is invented.';

/** One sentence on the night. */
export function headlineOf({ totals }: Brief): string {
  const { companies, succeeded, unchanged, incomplete, fresh } = { ...totals, fresh: totals.new };
  const same = incomplete === 0 ? `${unchanged} unchanged` : `${unchanged} unchanged, ${incomplete} read in part`;
  return `${succeeded} of ${companies} companies researched (${same}): ${fresh} new and ${count(totals.changed, 'changed claim')}, ${count(totals.moves, 'move')}, ${count(totals.contradictions, 'contradiction')}.`;
}

/** The subject of the mail. It has numbers and the date only, and says when companies are missing. */
export function subjectOf(brief: Brief): string {
  const { night, late, simulated, simulatedWeb } = brief;
  const marks = [...(simulated || simulatedWeb ? ['[simulated]'] : []), ...(late ? ['[late]'] : [])];
  return [...marks, `Competitor brief ${night}:`, outcomeWords(brief)].join(' ');
}

/** "Nothing new" only of companies that were read by a run that did not end early. */
function outcomeWords({ problem, totals }: Brief): string {
  if (totals.succeeded === 0) return 'not researched';
  const reached = totals.failed === 0 ? [] : [`${totals.succeeded} of ${totals.companies} companies`];
  const news = totals.claims === 0 ? [] : [`${totals.new} new, ${totals.changed} changed`];
  if (problem !== null) return [...reached, ...news, 'ended early'].join(', ');
  return [...reached, ...(news.length === 0 ? ['nothing new'] : news)].join(', ');
}

/** What stands in place of news, where there is none. */
export function noNewsWords({ problem, totals }: Brief): string {
  if (totals.succeeded === 0) return 'No company was researched, so nothing is known of what changed.';
  return problem === null ? 'Nothing new was found.' : 'Nothing new was found before the run ended.';
}

/** What stands in place of companies that are missing, where no row is. A run that ended early may have none at all. */
export function noneMissingWords({ problem, companies }: Brief): string {
  if (companies.length === 0)
    return problem === null ? 'The list has no companies.' : 'The run ended before any company was read.';
  return problem === null ? 'Every company was reached.' : 'Every company was reached, but the run ended early.';
}

/** What stands in place of contradictions, where there is none. */
export const noContradictionWords = ({ totals }: Brief): string =>
  totals.succeeded === 0 ? 'No sources were compared.' : 'No source contradicts another one.';

/** Why the run ended early, so that more may be missing than is known. Null if it did not. */
export const problemWords = ({ problem }: Pick<Brief, 'problem'>): string | null =>
  problem === null ? null : `The run ended early (${oneLine(problem.error, 60)}): ${oneLine(problem.cause, 200)}`;

/** Which companies are missing, in one sentence. Null if none is. */
export function missingWords({ totals, companies }: Brief): string | null {
  if (totals.failed === 0) return null;
  const states = MISSING.flatMap(([state, words]) => {
    const found = companies.filter((row) => row.state === state).length;
    return found === 0 ? [] : [`${found} ${words}`];
  });
  return `${totals.failed} of ${count(totals.companies, 'company', 'companies')} ${totals.failed === 1 ? 'is' : 'are'} missing: ${states.join(', ')}. Nothing is said about them.`;
}

const MISSING: readonly (readonly [CompanyState, string])[] = [
  ['not-reached', 'not reached'],
  ['unchecked', 'changed, but not read'],
  ['unknown', 'without a known website'],
];

export const count = (n: number, noun: string, nouns = `${noun}s`): string => `${n} ${n === 1 ? noun : nouns}`;

/** Why a company has no news, in words. */
export function stateWords({ state, reason }: Pick<NightRow, 'state' | 'reason'>): string {
  const because = reason === undefined ? '' : `: ${reason}`;
  switch (state) {
    case 'researched':
      return 'researched';
    case 'unchanged':
      return 'unchanged since the last night';
    case 'incomplete':
      return `nothing new in what could be read${because}`;
    case 'not-reached':
      return `not reached${because}`;
    case 'unchecked':
      return `changed, but not read${because}`;
    case 'unknown':
      return `unknown${because}`;
  }
}

export const changeWords = (change: number | null): string =>
  change === null ? 'first night' : change === 0 ? '±0' : `${change > 0 ? '+' : '−'}${Math.abs(change).toFixed(1)}`;

/** Words of pages, models and lists in one line without links. */
export const oneLine = (text: string, length = 300): string =>
  shorten(
    unlinked(text)
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
    length,
  );

/** What a score is made of, by kind, the largest first. */
export function partWords({ threat }: NightRow, most = 3): string {
  const kinds = new Map<string, { points: number; parts: number }>();
  for (const { what, points } of threat.parts) {
    const before = kinds.get(what) ?? { points: 0, parts: 0 };
    kinds.set(what, { points: before.points + points, parts: before.parts + 1 });
  }
  const sorted = [...kinds].toSorted(([, a], [, b]) => b.points - a.points);
  const words = sorted
    .slice(0, most)
    .map(([what, { points, parts }]) => `${whatWords(what)}${parts > 1 ? ` ×${parts}` : ''} ${points.toFixed(1)}`);
  return words.join(', ') + (sorted.length > most ? ` and ${count(sorted.length - most, 'more kind')}` : '');
}

/** A part of a score in words: `claim price-cut` is "price cut". */
export function whatWords(what: string): string {
  const [, type = '', kind = ''] = /^(claim|move) (.*)$/.exec(what) ?? [];
  if (type === 'claim') return KIND_WORDS[kind as ClaimKind] ?? what;
  return type === 'move' ? `${MOVE_WORDS[kind as MoveKind] ?? kind} another company` : what;
}

const MINUTE_MS = 60_000;

/** When the brief was made, in the zone of its readers. */
export function madeWords({ briefAt, due, zone }: Pick<Brief, 'briefAt' | 'due' | 'zone'>): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const made = new Date(briefAt);
  return `Made on ${day.format(made)} at ${time.format(made)}, due at ${time.format(Math.round(Date.parse(due) / MINUTE_MS) * MINUTE_MS)} (${zone}).`;
}

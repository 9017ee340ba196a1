import type { ClaimKind } from '../claims/claim.ts';
import type { NightRow } from '../memory/memory.ts';
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
  const { companies, succeeded, unchanged, fresh } = { ...totals, fresh: totals.new };
  return `${succeeded} of ${companies} companies researched (${unchanged} unchanged): ${fresh} new and ${totals.changed} changed claims, ${totals.moves} moves, ${totals.contradictions} contradictions.`;
}

/** Why a company has no news, in words. */
export function stateWords({ state, reason }: Pick<NightRow, 'state' | 'reason'>): string {
  const because = reason === undefined ? '' : `: ${reason}`;
  switch (state) {
    case 'researched':
      return 'researched';
    case 'unchanged':
      return 'unchanged since the last night';
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

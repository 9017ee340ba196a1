import type { Amount, DayLimit, DaySum } from '../budgets/day-budget.ts';
import { roundUsd } from '../models/price.ts';

/**
 * A day's budget that several regions spend. Each region has an equal part and counts for itself. One that has no room left
 * asks the others for a gift.
 * 1. A region holds at most its part and what it was given.
 * 2. What a region gives it holds itself, from then on and for ever: in the same conditional write as any call.
 * 3. What a region was given is what it read of the givers' counters. These sums only grow, so an old value is too small.
 *
 * So the regions together hold at most the whole, whatever is late, lost or cut off. Each gift counts twice: with its giver,
 * who can no longer spend it, and below the limit of whom it was given to. A region that is lost keeps what it had.
 */
export interface PartCounter {
  /** What calls hold, and what was given away. */
  readonly held: Amount;
  /** By region: what it was given in all. */
  readonly gave: Readonly<Record<string, Amount>>;
}

export const NO_GIFT: Amount = { usd: 0, tokens: 0 };

/**
 * What one of a number of regions may hold.
 * @param given by each of the others in all, as far as it knows. At most a part of each counts: a limit that was lowered since
 * has smaller parts, and its giver may not have had more to give.
 */
export function limitOfPart({ counter, most }: DayLimit, regions: number, given: readonly Amount[]): DayLimit {
  const withGifts = (part: number, of: 'usd' | 'tokens'): number =>
    given.reduce((sum, gift) => sum + Math.min(part, gift[of]), part);
  const { usd, tokens } = most;
  return {
    counter,
    most: {
      ...(usd !== undefined && { usd: withGifts(usd / regions, 'usd') }),
      ...(tokens !== undefined && { tokens: withGifts(Math.floor(tokens / regions), 'tokens') }),
    },
  };
}

/**
 * Where a day's budget stands for one region, beside the whole limit: what it may not spend counts as spent.
 * @param here what it may hold
 * @param held what it holds, gifts included
 * @param sum what its calls hold
 */
export function seenFromPart({ most }: DayLimit, here: DayLimit, held: Amount, sum: DaySum): DaySum {
  const elsewhere = (of: 'usd' | 'tokens'): number => held[of] - sum.held[of] + (most[of] ?? 0) - (here.most[of] ?? 0);
  const away: Amount = { usd: roundUsd(elsewhere('usd')), tokens: elsewhere('tokens') };
  return { ...sum, held: plus(sum.held, away), spent: plus(sum.spent, away) };
}

/** What a call lacks below a limit. */
export function lackingFor({ most }: DayLimit, held: Amount, amount: Amount): Amount {
  const lacks = (of: 'usd' | 'tokens'): number => Math.max(0, held[of] + amount[of] - (most[of] ?? Infinity));
  return { usd: lacks('usd'), tokens: lacks('tokens') };
}

/** What a region gives to one that lacks something: that, or half of what it has left if that is more. Null if it has nothing. */
export function giftOf({ most }: DayLimit, held: Amount, lacking: Amount): Amount | null {
  const part = (of: 'usd' | 'tokens'): number => {
    const left = Math.max(0, (most[of] ?? 0) - held[of]);
    return lacking[of] === 0 ? 0 : Math.min(left, Math.max(lacking[of], left / 2));
  };
  // In billionths of a dollar: enough for the call, and not above what is left.
  const usd = Math.min(roundUsd(part('usd')), Math.floor(((most.usd ?? 0) - held.usd) * 1e9 + 1e-6) / 1e9);
  const gift = { usd: Math.max(0, usd), tokens: Math.floor(part('tokens')) };
  return gift.usd > 0 || gift.tokens > 0 ? gift : null;
}

/** A counter after a gift. The adapter does the same in one write, if the gift fits below the giver's limit. */
export function withGift({ held, gave }: PartCounter, to: string, gift: Amount): PartCounter {
  return { held: plus(held, gift), gave: { ...gave, [to]: plus(gave[to] ?? NO_GIFT, gift) } };
}

export const plus = (one: Amount, other: Amount): Amount => ({
  usd: one.usd + other.usd,
  tokens: one.tokens + other.tokens,
});

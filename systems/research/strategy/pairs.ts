import type { Claim } from '../claims/claim.ts';
import { bareName, mentions } from './names.ts';

/** A company with what is to compare of it. */
export interface Compared {
  readonly id: string;
  readonly name: string;
  readonly sector: string | null;
  /** What is new or changed tonight. */
  readonly news: readonly Claim[];
}

/** A pair that a strategist should judge. */
export interface Pair {
  readonly by: string;
  readonly against: string;
  /** For people and for the strategist. */
  readonly because: string;
  /** How much it matters; the heaviest pairs are judged first. */
  readonly weight: number;
}

/**
 * Finds pairs worth judging: the quote of a claim of one company names the other. Two companies that do the same in one
 * week do not move against each other for that.
 */
export function findPairs(companies: readonly Compared[], max: number): Pair[] {
  const pairs = new Map<string, Pair>();
  const add = (pair: Pair): void => {
    const key = JSON.stringify([pair.by, pair.against]);
    if (pair.by !== pair.against && !((pairs.get(key)?.weight ?? 0) >= pair.weight)) pairs.set(key, pair);
  };
  for (const pair of namedPairs(companies)) add(pair);
  const order = (a: Pair, b: Pair): number =>
    b.weight - a.weight || compare(a.by, b.by) || compare(a.against, b.against);
  return [...pairs.values()].toSorted(order).slice(0, max);
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

function namedPairs(companies: readonly Compared[]): Pair[] {
  const byName = Map.groupBy(companies, ({ name }) => bareName(name));
  // A name that two companies share tells neither.
  const known = [...byName].flatMap(([name, found]) => (name === '' || found.length > 1 ? [] : found));
  const because = 'a claim of the first company names the second';
  return companies.flatMap((by) =>
    by.news.flatMap(({ quote, magnitude }) =>
      known
        .filter(({ name }) => mentions(quote, name))
        .map((against) => ({ by: by.id, against: against.id, because, weight: magnitude })),
    ),
  );
}

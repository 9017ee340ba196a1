import type { Claim } from '../claims/claim.ts';
import { plain } from '../claims/quotes.ts';

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

/** What two companies of one sector may do against each other. */
const RIVALROUS = new Set(['launch', 'price-cut', 'deal', 'expansion', 'hiring', 'leadership']);
const DAY_MS = 86_400_000;
const MAX_DAYS_APART = 7;
/** A sector with many launches would otherwise make pairs by the square of its companies. */
const MAX_SAME_SECTOR = 3;

/** Finds pairs worth judging: one company names the other, or both make the same kind of news in one sector and week. */
export function findPairs(companies: readonly Compared[], max: number): Pair[] {
  const pairs = new Map<string, Pair>();
  const add = (pair: Pair): void => {
    const key = JSON.stringify([pair.by, pair.against]);
    if (pair.by !== pair.against && !((pairs.get(key)?.weight ?? 0) >= pair.weight)) pairs.set(key, pair);
  };
  for (const pair of [...namedPairs(companies), ...sectorPairs(companies)]) add(pair);
  const order = (a: Pair, b: Pair): number =>
    b.weight - a.weight || compare(a.by, b.by) || compare(a.against, b.against);
  return [...pairs.values()].toSorted(order).slice(0, max);
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

function namedPairs(companies: readonly Compared[]): Pair[] {
  const byName = Map.groupBy(companies, ({ name }) => bareName(name));
  // A name that two companies share tells neither.
  const find = (name: string): Compared | undefined => {
    const found = byName.get(bareName(name)) ?? [];
    return found.length === 1 ? found[0] : undefined;
  };
  return companies.flatMap((by) =>
    by.news.flatMap((claim) =>
      claim.names.flatMap((name) => {
        const against = find(name);
        if (against === undefined) return [];
        return [
          { by: by.id, against: against.id, because: 'a claim names the other company', weight: 10 + claim.magnitude },
        ];
      }),
    ),
  );
}

function sectorPairs(companies: readonly Compared[]): Pair[] {
  const loud = companies.filter(({ sector, news }) => sector !== null && news.some(({ kind }) => RIVALROUS.has(kind)));
  const sectors = Map.groupBy(loud, ({ sector }) => sector ?? '');
  return [...sectors.values()].flatMap((members) =>
    members.flatMap((by) =>
      members
        .flatMap((against) => sameNews(by, against))
        .toSorted((a, b) => b.weight - a.weight || compare(a.against, b.against))
        .slice(0, MAX_SAME_SECTOR),
    ),
  );
}

function sameNews(by: Compared, against: Compared): Pair[] {
  if (by.id === against.id) return [];
  const both = by.news.flatMap((claim) =>
    !RIVALROUS.has(claim.kind)
      ? []
      : against.news.filter((other) => other.kind === claim.kind && isNear(claim, other)).map(() => claim),
  );
  const [first, ...rest] = both.toSorted((a, b) => b.magnitude - a.magnitude);
  if (first === undefined) return [];
  const because = `both are in one sector and have news of the kind ${first.kind} in one week`;
  return [{ by: by.id, against: against.id, because, weight: first.magnitude + Math.min(1, rest.length / 10) }];
}

const isNear = (a: Claim, b: Claim): boolean =>
  Math.abs(Date.parse(a.date) - Date.parse(b.date)) <= MAX_DAYS_APART * DAY_MS;

const LEGAL_FORM =
  /[,.]?\s+(?:the|inc|incorporated|corp|corporation|co|company|companies|ltd|limited|llc|plc|ag|se|sa|nv|group|holdings?)\.?$/i;

/** A company's name without its legal form, in lower case. */
export function bareName(name: string): string {
  let bare = plain(name)
    .toLowerCase()
    .replace(/^the /, '')
    .replaceAll(/\s*\([^)]*\)/g, '');
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = bare.replace(LEGAL_FORM, '').trim();
  }
  return bare.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

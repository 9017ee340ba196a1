import type { Item } from '#core/runs/item.ts';
import type { Company } from '../companies/company.ts';

/** Where the pages of a night are: snapshots and memory are kept apart for each. */
export type Space = 'web' | `simulated-${number}-${number}`;

/** The space of one simulated web: another seed, or another number of companies, has other pages. */
export const simulatedSpace = (seed: number, companies: number): Space => `simulated-${seed}-${companies}`;

/** The items of a night, as the scouts take them. */
export const itemsOf = (
  companies: readonly Company[],
  night: string,
  space: Space,
  news: readonly string[] = [],
): readonly Item[] =>
  companies.map(({ id, name, sector, website, cik, ticker }) => ({
    id,
    name,
    sector,
    website,
    cik,
    ticker,
    night,
    space,
    ...(news.length > 0 && { news: [...news] }),
  }));

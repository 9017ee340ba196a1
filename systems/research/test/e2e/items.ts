import type { SimulatedWeb } from '@agent-fleet/simulated-web';
import type { NightItem } from '../../night/item.ts';

const FIRST_NIGHT = Date.parse('2026-11-02');
const DAY_MS = 86_400_000;

export const nightOf = (index: number): string => new Date(FIRST_NIGHT + index * DAY_MS).toISOString().slice(0, 10);

/** The items of a night of a simulated web. */
export const itemsOf = (web: SimulatedWeb, index: number, companies: number, seed = 1): NightItem[] =>
  web.companies.map(({ host, name, sector, ticker, cik, site }) => ({
    id: host,
    name,
    sector,
    ticker,
    cik,
    website: site,
    night: nightOf(index),
    space: `simulated-${seed}-${companies}`,
  }));

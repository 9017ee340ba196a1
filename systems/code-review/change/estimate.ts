import { CATALOGUE, type Price } from '#core/models/catalogue.ts';
import { priceFor } from '#core/models/price.ts';
import { TIERS } from '../agents/names.ts';
import { ordersOf } from '../agents/orders.ts';
import { cachingOf, type Caching } from '../agents/shared-change.ts';
import type { Plan } from './plan.ts';
import { tokensOfFile } from './units.ts';

/** Instructions, schema and the repository's rules. */
const TOKENS_PER_CALL = 4_000;
/** A few findings. */
const OUTPUT_TOKENS = 400;

/**
 * What a review costs, in US dollars at list price. Each specialist reads its units once; of those that share a unit, the
 * first one writes it to the provider's cache, and the others read it there.
 */
export function estimateUsd({ units }: Plan): number {
  const costs = ordersOf(units).map(({ agent, unit }) => {
    const price = priceFor(CATALOGUE, CATALOGUE.tiers[TIERS[agent]], 0);
    const tokens = unit.reduce((sum, file) => sum + tokensOfFile(file), 0);
    const input = (TOKENS_PER_CALL + tokens) * inputPrice(price, cachingOf(agent, unit, tokens));
    return (input + OUTPUT_TOKENS * price.output) / 1e6;
  });
  return costs.reduce((sum, usd) => sum + usd, 0);
}

const inputPrice = ({ input, cacheWrite, cacheRead }: Price, caching: Caching): number =>
  ({ none: input, writes: cacheWrite, reads: cacheRead })[caching];

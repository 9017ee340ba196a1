import { CATALOGUE } from '#core/models/catalogue.ts';
import { priceFor } from '#core/models/price.ts';
import { TIERS } from '../agents/names.ts';
import { ordersOf } from '../agents/orders.ts';
import type { Plan } from './plan.ts';
import { tokensOfFile } from './units.ts';

/** Instructions, schema and the repository's rules. */
const TOKENS_PER_CALL = 4_000;
/** A few findings. */
const OUTPUT_TOKENS = 400;

/** What a review costs, in US dollars at list price: each specialist reads its units once. */
export function estimateUsd({ units }: Plan): number {
  const costs = ordersOf(units).map(({ agent, unit }) => {
    const price = priceFor(CATALOGUE, CATALOGUE.tiers[TIERS[agent]], 0);
    const input = TOKENS_PER_CALL + unit.reduce((sum, file) => sum + tokensOfFile(file), 0);
    return (input * price.input + OUTPUT_TOKENS * price.output) / 1e6;
  });
  return costs.reduce((sum, usd) => sum + usd, 0);
}

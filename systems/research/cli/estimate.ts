import { CATALOGUE, type Tier } from '#core/models/catalogue.ts';
import { priceFor } from '#core/models/price.ts';
import { ANALYST, STRATEGIST } from '../agents/names.ts';
import type { Company } from '../companies/company.ts';
import { isNowhere } from '../night/item.ts';
import { isSimulated } from './which-web.ts';

/** What an analyst reads and writes of a company whose documents are all new. */
const READ = { input: 8_000, output: 700 };
/** The same for the simulated web, whose pages are short. */
const READ_SIMULATED = { input: 2_200, output: 450 };
/** The share of companies of which something changed, in the nights after the first. */
const CHANGED = 0.1;
/** What a strategist reads and writes, and for how many companies there is a task. */
const JUDGED = { input: 3_000, output: 600, companies: 10 };

/** What so many nights cost about, in US dollars at list price. Companies with nothing to fetch cost nothing. */
export function estimateUsd(companies: readonly Pick<Company, 'website' | 'cik' | 'ticker'>[], nights: number): number {
  const fetched = companies.filter((company) => !isNowhere(company));
  const read = fetched.reduce(
    (sum, company) => sum + callUsd(ANALYST.tier, isSimulated(company) ? READ_SIMULATED : READ),
    0,
  );
  const judged = Math.ceil(fetched.length / JUDGED.companies) * nights;
  return read * (1 + CHANGED * (nights - 1)) + judged * callUsd(STRATEGIST.tier, JUDGED);
}

function callUsd(tier: Tier, { input, output }: { readonly input: number; readonly output: number }): number {
  const price = priceFor(CATALOGUE, CATALOGUE.tiers[tier], input);
  return (input * price.input + output * price.output) / 1e6;
}

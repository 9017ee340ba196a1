import { CATALOGUE, type Tier } from '#core/models/catalogue.ts';
import { priceFor } from '#core/models/price.ts';
import { ANALYST, SEARCHER, STRATEGIST } from '../agents/names.ts';
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

/** What a searcher reads and writes of one search, with its results. */
const SEARCHED = { input: 3_500, output: 200 };

/**
 * What so many nights cost about, in US dollars at list price. Companies with nothing to fetch cost nothing, unless they are
 * searched for: then each company costs one search a night, since most nights its own sources tell nothing new.
 * @param search whether the web is searched
 */
export function estimateUsd(
  companies: readonly Pick<Company, 'website' | 'cik' | 'ticker'>[],
  nights: number,
  search = false,
): number {
  const fetched = companies.filter((company) => !isNowhere(company));
  const read = fetched.reduce(
    (sum, company) => sum + callUsd(ANALYST.tier, isSimulated(company) ? READ_SIMULATED : READ),
    0,
  );
  const judged = Math.ceil(fetched.length / JUDGED.companies) * nights;
  const searched = search ? companies.length * nights * searchUsd() : 0;
  return read * (1 + CHANGED * (nights - 1)) + judged * callUsd(STRATEGIST.tier, JUDGED) + searched;
}

/** The fee of one search, and its tokens. */
const searchUsd = (): number => CATALOGUE.search.usd + callUsd(SEARCHER.tier, SEARCHED);

function callUsd(tier: Tier, { input, output }: { readonly input: number; readonly output: number }): number {
  const price = priceFor(CATALOGUE, CATALOGUE.tiers[tier], input);
  return (input * price.input + output * price.output) / 1e6;
}

import type { Caller } from '#core/api/http/caller.ts';
import { notFound } from '#core/api/http/problem.ts';
import type { PortfolioFile } from '../../portfolios/portfolio.ts';
import type { PortfolioStore } from '../../portfolios/store.ts';

/** Who did something by the API, as it is kept. */
export const nameOf = ({ keyId }: Caller): string => `key ${keyId}`;

/** A portfolio of the caller. Throws `ApiProblem` if the caller has no such portfolio (I8). */
export async function knownPortfolio(
  { store, tenant }: { readonly store: Pick<PortfolioStore, 'read'>; readonly tenant: string },
  caller: Caller,
  id: string,
): Promise<PortfolioFile> {
  const record = caller.tenant === tenant ? await store.read(id) : null;
  if (record === null) throw notFound('portfolio', id);
  return record.portfolio;
}

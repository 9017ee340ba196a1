import type { RuleProblem } from '../rules/compile.ts';
import type { PortfolioRecord } from './record.ts';
import type { PortfolioStore } from './store.ts';
import { prepared, watchersOf, type Portfolio, type Watchers } from './watched.ts';

/** A changed portfolio is in effect after this long. */
export const REFRESH_MS = 5_000;

interface Read {
  readonly watchers: Watchers;
  readonly at: number;
}

/**
 * Returns `prepare` of the router: the portfolios by subject, read again after five seconds. A version is compiled once. If
 * the table cannot be read, the error fails the batch, which then comes again.
 * @param report is called for rules of a version that this release cannot compile, once for each version
 */
export function watchPortfolios(
  store: Pick<PortfolioStore, 'list'>,
  report: (portfolio: string, problems: readonly RuleProblem[]) => void,
): (now: number) => Promise<Watchers> {
  let known = new Map<string, Portfolio>();
  let read: Read | null = null;
  const compiled = (record: PortfolioRecord): Portfolio => {
    const before = known.get(record.portfolio.id);
    if (before?.version === record.version) return before;
    const { portfolio, problems } = prepared(record.portfolio, {
      version: record.version,
      asOf: dayOf(record.savedAt),
    });
    if (problems.length > 0) report(portfolio.id, problems);
    return portfolio;
  };
  return async (now) => {
    if (read !== null && now - read.at < REFRESH_MS && now >= read.at) return read.watchers;
    const portfolios = (await store.list()).map(compiled);
    known = new Map(portfolios.map((each) => [each.id, each]));
    read = { watchers: watchersOf(portfolios), at: now };
    return read.watchers;
  };
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

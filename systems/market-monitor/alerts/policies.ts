import type { Clock } from '#core/ports/clock.ts';
import type { PortfolioRecord } from '../portfolios/record.ts';
import type { AlertPolicy } from './recipient.ts';

/** A changed portfolio is in effect after this long. */
const CACHED_MS = 5_000;
const HOUR_MS = 3_600_000;

/** Returns what a portfolio says of its alerts. Reads are cached for five seconds. */
export function policies(
  store: { read(id: string): Promise<PortfolioRecord | null> },
  clock: Pick<Clock, 'now'>,
): (portfolio: string) => Promise<AlertPolicy | null> {
  const cache = new Map<string, { readonly at: number; readonly policy: Promise<AlertPolicy | null> }>();
  return (portfolio) => {
    const known = cache.get(portfolio);
    if (known !== undefined && clock.now() - known.at < CACHED_MS) return known.policy;
    const policy = store.read(portfolio).then((record) => record && policyOf(record));
    // Neither a failure is cached, nor that there is none: matches of a portfolio that has just been saved would be dropped.
    policy.then(
      (found) => found === null && cache.delete(portfolio),
      () => cache.delete(portfolio),
    );
    cache.set(portfolio, { at: clock.now(), policy });
    return policy;
  };
}

export const policyOf = ({ portfolio }: PortfolioRecord): AlertPolicy => ({
  portfolio: portfolio.id,
  recipients: portfolio.recipients,
  quiet: portfolio.quietHours ?? null,
  ...(portfolio.repeatAfterHours !== undefined && { repeatAfterMs: portfolio.repeatAfterHours * HOUR_MS }),
});

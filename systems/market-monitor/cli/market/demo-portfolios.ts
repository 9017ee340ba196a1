import { demoPortfolios, type Instrument } from '@agent-fleet/simulated-market';
import { portfolioFileSchema, type PortfolioFile } from '../../portfolios/portfolio.ts';

/** US dollars that a position may lose since the previous close. */
export const MAX_LOSS_USD = 25_000;

/** The portfolios of the simulated market, whose alerts go to a receiver on this machine. */
export function portfoliosFor(url: string, instruments: readonly Instrument[], day: string): PortfolioFile[] {
  const known = new Map(instruments.map((each) => [each.subject, each]));
  const instrumentOf = (subject: string) => {
    const { ticker, cik } = known.get(subject) ?? { ticker: 'UNKNOWN', cik: subject.slice('cik:'.length) };
    return { ticker, cik };
  };
  return demoPortfolios().map(({ id, name, holdings, watch }) =>
    portfolioFileSchema({ privateAddresses: true }).parse({
      id,
      name,
      currency: 'USD',
      asOf: day,
      holdings: holdings.map(({ subject, quantity }) => ({ ...instrumentOf(subject), quantity })),
      watch: watch.map(instrumentOf),
      limits: { maxPositionLossUsd: MAX_LOSS_USD },
      recipients: [{ kind: 'callback', name: 'demo', url }],
    }),
  );
}

/** The same for the judge of the simulated market. */
export const holdingsForJudge = () =>
  demoPortfolios().map(({ id, holdings, watch }) => ({
    id,
    holdings: holdings.map(({ subject, quantity }) => ({ subject, quantity })),
    watch,
    maxPositionLossUsd: MAX_LOSS_USD,
  }));

import { demoPortfolios, simulateMarket, type SimulatedMarketOptions } from '@agent-fleet/simulated-market';
import { portfolioFileSchema, type PortfolioFile } from '../../portfolios/portfolio.ts';

export const DAY = '2026-11-17';

/** What the portfolio of the day holds: fewer than the demo, so that a day has about 3,000 events and still a crash. */
const [{ holdings }] = demoPortfolios() as [ReturnType<typeof demoPortfolios>[number]];
const HELD = holdings.slice(0, 24);

/** A simulated day of about 3,000 events with a crash of the market, duplicates and records that are no events. */
export const busyDay = (options: SimulatedMarketOptions = {}) =>
  simulateMarket({
    seed: 5,
    day: DAY,
    events: 3_000,
    instruments: 26,
    held: HELD.map(({ subject }) => subject),
    ...options,
    // A day of the past has no events that are ahead of the clock.
    faults: { future: 0, ...options.faults },
  });

/** Who holds it, and is notified at `url`. */
export const holderOfDay = (url: string): PortfolioFile =>
  portfolioFileSchema({ privateAddresses: true }).parse({
    id: 'holder',
    name: 'Holder of the day',
    currency: 'USD',
    asOf: DAY,
    holdings: HELD.map(({ subject, ticker, quantity }) => ({ ticker, cik: subject.slice('cik:'.length), quantity })),
    limits: { maxPositionLossUsd: 40_000 },
    recipients: [{ kind: 'callback', name: 'receiver', url }],
  });

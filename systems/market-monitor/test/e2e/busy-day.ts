import { demoPortfolios, simulateMarket, type SimulatedMarketOptions } from '@agent-fleet/simulated-market';
import { nameOf } from '../../cli/market/latency.ts';
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

const FILINGS = 'filings-after-the-day';

/** An urgent filing of each holding, after the day. */
export const urgentFilings = (time: string) =>
  HELD.map(({ subject, ticker }, index) => {
    const id = `0000000001-26-${String(index + 1).padStart(6, '0')}`;
    const url = 'https://example.com/filing';
    const data = { ticker, form: '8-K', accessionNumber: id, items: ['1.03'], text: 'It is bankrupt.', url };
    const event = { specversion: '1.0', source: FILINGS, id, type: 'market.filing.v1', subject, time, data };
    return { key: subject, name: nameOf(event), bytes: new TextEncoder().encode(JSON.stringify(event)) };
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

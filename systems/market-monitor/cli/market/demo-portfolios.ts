import { readFileSync } from 'node:fs';
import { demoPortfolios, type Holdings } from '@agent-fleet/simulated-market';
import { portfolioFileSchema, type PortfolioFile } from '../../portfolios/portfolio.ts';

const SAMPLES = new URL('../../samples/', import.meta.url);

/**
 * The sample portfolios, whose alerts go to a receiver on this machine. They have no quiet hours: those are hours of the
 * clock, and a simulated day is played at any hour.
 */
export function portfoliosFor(url: string, day: string): PortfolioFile[] {
  return demoPortfolios().map(({ id }) => {
    const sample: unknown = JSON.parse(readFileSync(new URL(`${id}.json`, SAMPLES), 'utf8'));
    const { quietHours: _, ...file } = portfolioFileSchema({ privateAddresses: true }).parse(sample);
    return { ...file, asOf: day, recipients: [{ kind: 'callback', name: 'demo', url }] };
  });
}

/** The same for the judge of the simulated market. A test compares them with the samples. */
export const holdingsForJudge = (): readonly (Holdings & { readonly id: string })[] => demoPortfolios();

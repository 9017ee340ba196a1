import type { Brief } from '../../brief/schema.ts';
import type { Company } from '../../companies/company.ts';
import type { KeptDocument } from '../../night/collected.ts';
import type { NightResult } from '../../night/row.ts';
import { item, kept, OfflineRuns, type Fate } from './offline-run.ts';

export const company = (id: string, more: Partial<Company> = {}): Company => ({
  id,
  name: id,
  sector: 'Tools',
  ticker: null,
  website: `http://${id.toLowerCase().replaceAll(' ', '-')}.test/`,
  cik: null,
  ...more,
});

export const page = (id: string, text: string, more: Partial<KeptDocument> = {}): KeptDocument =>
  kept(id, text, { url: `http://site.test/${id}`, ...more });

/** Nights of companies whose pages are known. */
export class OfflineNights {
  readonly runs = new OfflineRuns();
  /** What becomes of a company, by its id. */
  web: Readonly<Record<string, Fate>> = {};

  async run(companies: readonly Company[], night = '2026-11-10', judged = true): Promise<NightResult> {
    const { companies: rows, moves, totals } = await this.brief(companies, night, judged);
    return { night, rows, moves, uncheckedPairs: totals.uncheckedPairs, usd: totals.usd };
  }

  /** A night as its brief. */
  brief(companies: readonly Company[], night: string, judged = true): Promise<Brief> {
    const fates = companies.map(
      (each) => [item(each.id, night, each), this.web[each.id] ?? { failures: [{ url: '', reason: 'dead' }] }] as const,
    );
    return this.runs.run(`run-${night}`, fates, judged);
  }
}

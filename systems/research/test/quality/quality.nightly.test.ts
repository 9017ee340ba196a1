import { expect, test } from 'vitest';
import { simulatedNights } from './simulated-nights.ts';

/** `second` are texts and layouts that nobody looked at who wrote the rules. `news` is the number of news sites. The aim is 0.95 and 0.8. */
test.each([
  { prose: 'first', precision: 0.95, recall: 0.9, news: 0 },
  { prose: 'second', precision: 0.95, recall: 0.85, news: 0 },
  { prose: 'second', precision: 0.95, recall: 0.85, news: 5 },
] as const)(
  'briefs of %o agree with what happened, and tell nothing twice or planted',
  async (bound) => {
    const { prose } = bound;
    const news = Array.from({ length: bound.news }, (_, at) => `http://news-${at + 1}.test/`);
    const { briefs, quality } = await simulatedNights(3, { companies: 60, prose, faults: { share: 0.3 }, news });
    expect(quality.precision).toBeGreaterThanOrEqual(bound.precision);
    expect(quality.recall).toBeGreaterThanOrEqual(bound.recall);
    expect(quality).toMatchObject({ duplicates: 0, injected: 0 });
    for (const { companies, totals } of briefs) {
      expect(companies).toHaveLength(60);
      expect(totals.citationsThatFail).toBe(0);
    }
    // The second and third night have only what changed.
    const [first, second, third] = briefs.map(({ totals }) => totals);
    expect(first?.new).toBeGreaterThan(20);
    expect(second?.new).toBeLessThan(10);
    expect(third?.new).toBeLessThan(10);
    expect(second?.unchanged).toBeGreaterThan(30);
  },
  240_000,
);

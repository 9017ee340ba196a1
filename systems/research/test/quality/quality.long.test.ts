import { expect, test } from 'vitest';
import { simulatedNights } from './simulated-nights.ts';

/** The texts are of templates that nobody looked at who wrote the rules: `second`. */
test('briefs agree with what happened, and tell nothing twice or planted', async () => {
  const { briefs, quality } = await simulatedNights(3, { companies: 60, prose: 'second', faults: { share: 0.3 } });
  expect(quality.precision).toBeGreaterThanOrEqual(0.95);
  expect(quality.recall).toBeGreaterThanOrEqual(0.75);
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
}, 240_000);

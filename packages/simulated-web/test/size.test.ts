import { expect, it } from 'vitest';
import { get, startWeb } from './support.ts';

const MAX_START_MS = 5_000;
const MAX_PAGE_MS = 100;
const MAX_MEGABYTES = 150;

it('has 500 companies within seconds, and serves them in little memory', async () => {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  const web = await startWeb({ companies: 500, faults: { share: 0 } });
  expect(new Set(web.companies.map(({ host }) => host)).size).toBe(500);
  expect(new Set(web.companies.map(({ cik }) => cik)).size).toBe(500);
  expect(web.truth(0).length).toBeGreaterThan(1_000);
  expect(performance.now() - started).toBeLessThan(MAX_START_MS);
  web.setNight(1);
  const served = performance.now();
  for (const { site } of web.companies) expect((await get(web, site)).status).toBe(200);
  for (const number of [1, 2, 3, 4, 5, 6]) expect((await get(web, `http://news-${number}.test/`)).status).toBe(200);
  expect((performance.now() - served) / 506).toBeLessThan(MAX_PAGE_MS);
  expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(MAX_MEGABYTES);
});

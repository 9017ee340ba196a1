import { afterAll, beforeAll, expect, it } from 'vitest';
import { READER, SEARCHER } from '../../agents/names.ts';
import { startNightFleet, type NightFleet } from './night-fleet.ts';

/** Companies whose websites nobody knows, which the simulated Claude finds by the search of the simulated web. */

const COMPANIES = 12;
const FEE = 0.01;

let nights: NightFleet;
beforeAll(async () => {
  nights = await startNightFleet({
    web: { companies: COMPANIES, faults: { share: 0.3, kinds: ['injection-visible', 'injection-hidden'] } },
    searches: true,
    context: { 'research.search': 'true' },
  });
});
afterAll(() => nights[Symbol.asyncDispose]());

it('are found, read by the own fetcher, and told with checked quotes; the fees are in the cost', async () => {
  const items = nights.items(0).map((each) => ({ ...each, website: null, cik: null, ticker: null }));
  const id = await nights.start({ items, group: 'searched' });
  await nights.ended(id);
  const brief = await nights.brief(id);
  expect(brief.totals).toMatchObject({ companies: COMPANIES, failed: 0, citationsThatFail: 0 });
  const claims = brief.companies.flatMap(({ fresh }) => fresh);
  expect(claims.length).toBeGreaterThan(0);
  for (const { sources } of claims) expect(sources.every(({ press }) => press === true)).toBe(true);
  for (const { marker } of nights.web.injections()) expect(JSON.stringify(brief)).not.toContain(marker);
  const { searches } = await nights.fleet.claude.stats();
  expect(searches).toBeGreaterThanOrEqual(COMPANIES);
  expect(brief.totals.usd).toBeGreaterThan(searches * FEE);
  const { body } = await nights.call(`GET /runs/${id}`);
  const agents = new Map(
    (body['agents'] as { agent: string; spent: { usd: number } }[]).map((each) => [each.agent, each]),
  );
  expect(agents.get(SEARCHER.name)?.spent.usd).toBeGreaterThanOrEqual(searches * FEE);
  expect(agents.get(READER.name)?.spent.usd).toBe(0);
});

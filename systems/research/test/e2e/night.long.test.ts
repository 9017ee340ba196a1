import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nightOf } from './items.ts';
import { startNightFleet, type NightFleet } from './night-fleet.ts';

/** Nights of five companies of the simulated web, as runs of the pipeline on the local cloud. */

const COMPANIES = 5;

let nights: NightFleet;
beforeAll(async () => {
  nights = await startNightFleet({ web: { companies: COMPANIES, faults: { share: 0 } } });
});
afterAll(() => nights[Symbol.asyncDispose]());

describe('a night', () => {
  it('makes a brief of every company, and costs nothing when it is started again', async () => {
    const items = nights.items(0);
    const id = await nights.start({ items, group: 'first' });
    const made = await nights.ended(id);
    expect(made).toMatchObject({ runId: id, night: nightOf(0), late: false, problem: null });
    const brief = await nights.brief(id);
    expect(brief).toMatchObject({
      night: nightOf(0),
      late: false,
      simulated: true,
      simulatedWeb: true,
      totals: { companies: COMPANIES, succeeded: COMPANIES, failed: 0, citationsThatFail: 0, uncheckedPairs: 0 },
    });
    expect(brief.totals.new).toBeGreaterThan(0);
    expect(brief.totals.usd).toBeGreaterThan(0);
    expect(await nights.read(`runs/${id}/brief/brief.html`)).toContain(`Competitor brief, ${nightOf(0)}`);
    expect(nights.fetchedTwice()).toEqual([]);

    const calls = (await nights.fleet.claude.stats()).answered;
    const again = await nights.start({ items, group: 'first' });
    await nights.ended(again);
    expect((await nights.fleet.claude.stats()).answered).toBe(calls);
    expect(nights.fetchedTwice()).toEqual([]);
    const { briefAt: _, due: __, ...same } = brief;
    expect(await nights.brief(again)).toMatchObject(same);
  });
});

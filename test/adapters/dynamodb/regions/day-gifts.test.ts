import { describe, expect, it } from 'vitest';
import { dynamodbDaySpend } from '#adapters/dynamodb/day-spend.ts';
import type { DaySpend } from '#core/ports/day-spend.ts';
import { readItem, type Item } from '#adapters/dynamodb/conditional-put.ts';
import type { SharedRegionParts } from '#adapters/dynamodb/regions/region-parts.ts';
import { keyInRegion } from '#adapters/dynamodb/regions/writer-of-key.ts';
import { daySpendKey } from '#adapters/dynamodb/state-table.ts';
import type { DayCounter, DayLimit } from '#core/budgets/day-budget.ts';
import { freshId, NOW } from '../../../contract/samples.ts';
import { threeRegions } from './three-regions.ts';

const [US, EU, AP] = [0, 1, 2];

const limitOf = (most: DayLimit['most']): DayLimit => ({
  counter: { of: 'tenant', name: freshId('tenant'), day: '2026-12-01' },
  most,
});
const usd = (amount: number) => ({ usd: amount, tokens: 0 });
const room = (fits: boolean) => expect.objectContaining({ fits });

/** What a region's own counter says that it gave away. */
async function giftsOf(parts: SharedRegionParts, counter: DayCounter): Promise<Item> {
  const { pk, sk } = daySpendKey(counter);
  const at = { client: parts.clients(parts.regions.index), table: 'state' };
  const item = await readItem(at, { pk: { S: pk }, sk: { S: keyInRegion(sk, parts.regions) } });
  return Object.fromEntries(Object.entries(item ?? {}).filter(([name]) => name.startsWith('gave')));
}

describe('a day budget of three regions', () => {
  const at = threeRegions();
  /** A process of a region. Each knows only what it was told. */
  const process = (region: number): DaySpend => {
    const parts = at().parts(region);
    return dynamodbDaySpend({ table: 'state', client: parts.client, onceClient: parts.onceClient, parts });
  };

  it('is spent in one region as far as the others have not spent it, and no further (I4)', async () => {
    const limit = limitOf({ usd: 9, tokens: 900 });
    const [us, eu, ap] = [process(US), process(EU), process(AP)];
    expect(await eu.reserve(limit, { usd: 2, tokens: 10 }, NOW)).toEqual(room(true));
    let held = 0;
    for (let at = NOW; (await us.reserve(limit, { usd: 0.5, tokens: 30 }, at)).fits; at += 10_000) held += 0.5;
    // Nine, less the two of eu, less what a half of a half leaves behind.
    expect(held).toBeGreaterThan(6);
    expect(held).toBeLessThanOrEqual(7);
    expect((await us.read(limit.counter)).held.usd).toBeCloseTo(held, 9);
    expect((await eu.read(limit.counter)).held).toEqual({ usd: 2, tokens: 10 });
    let left = 0;
    for (const region of [eu, ap]) while ((await region.reserve(limit, usd(0.01), NOW)).fits) left += 0.01;
    expect(2 + held + left).toBeLessThanOrEqual(9 + 1e-9);
    expect(2 + held + left).toBeGreaterThan(8.9);
  });

  it('lets a call have all that is left, in dollars and in tokens, though no part has so much', async () => {
    const limit = limitOf({ usd: 3, tokens: 300 });
    expect(await process(AP).reserve(limit, { usd: 2.9, tokens: 290 }, NOW)).toEqual(room(true));
    expect(await process(US).reserve(limit, usd(0.2), NOW)).toEqual(room(false));
  });

  it('finds a gift whose answer was lost, or that another process got, once it has arrived', async () => {
    const limit = limitOf({ usd: 3 });
    expect(await process(EU).reserve(limit, usd(1.4), NOW)).toEqual(room(true));
    await at().replicate(US, EU);
    await at().replicate(AP, EU);
    const given = await Promise.all([US, AP].map(async (region) => giftsOf(at().parts(region), limit.counter)));
    // It asks for what its own part and the gift do not cover, and not for what it holds already.
    expect(await process(EU).reserve(limit, usd(0.05), NOW)).toEqual(room(true));
    expect((await process(EU).read(limit.counter)).held.usd).toBeCloseTo(1.45, 9);
    // What has arrived was enough, so nobody gave again.
    expect(await Promise.all([US, AP].map(async (region) => giftsOf(at().parts(region), limit.counter)))).toEqual(
      given,
    );
  });

  it('asks the others once in five seconds, since a budget that is used up stays so', async () => {
    const limit = limitOf({ usd: 3 });
    const us = process(US);
    expect(await us.reserve(limit, usd(1), NOW)).toEqual(room(true));
    expect(await us.reserve(limit, usd(0.5), NOW)).toEqual(room(true));
    expect(await us.reserve(limit, usd(0.5), NOW + 4_999)).toEqual(room(false));
    expect(await us.reserve(limit, usd(0.5), NOW + 5_000)).toEqual(room(true));
    // What fits on no day moves nothing.
    expect(await us.reserve(limit, usd(3.1), NOW + 60_000)).toEqual(room(false));
    expect(await process(AP).reserve(limit, usd(1), NOW)).toEqual(room(true));
  });

  it('gives each region its part where the others cannot be reached, and loses what a lost region had', async () => {
    const limit = limitOf({ usd: 3 });
    expect(await process(AP).reserve(limit, usd(1.2), NOW)).toEqual(room(true));
    at().lose(AP);
    at().lose(EU);
    const us = process(US);
    // Half of its part went to the lost region.
    expect(await us.reserve(limit, usd(0.5), NOW)).toEqual(room(true));
    expect(await us.reserve(limit, usd(0.01), NOW)).toEqual(room(false));
  });
});

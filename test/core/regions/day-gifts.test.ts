import { expect, it } from 'vitest';
import type { DayLimit, DaySum } from '#core/budgets/day-budget.ts';
import { giftOf, lackingFor, limitOfPart, seenFromPart, withGift } from '#core/regions/day-gifts.ts';

const limit: DayLimit = { counter: { of: 'agent', name: 'a', day: '2026-12-01' }, most: { usd: 30, tokens: 100 } };
const part = limitOfPart(limit, 3, []);

it('gives each region an equal part, and what it was given', () => {
  expect(part.most).toEqual({ usd: 10, tokens: 33 });
  const gifts = [
    { usd: 2.5, tokens: 4 },
    { usd: 1, tokens: 0 },
  ];
  expect(limitOfPart(limit, 3, gifts).most).toEqual({ usd: 13.5, tokens: 37 });
  expect(limitOfPart(limit, 1, [])).toEqual(limit);
  expect(limitOfPart({ ...limit, most: {} }, 3, []).most).toEqual({});
});

it('counts no more than a part of each gift, so that a limit that is lowered limits what is left', () => {
  const lowered = { ...limit, most: { usd: 3 } };
  // Its giver holds the whole gift, which is above its new part, so it may spend nothing more itself.
  expect(limitOfPart(lowered, 3, [{ usd: 5, tokens: 0 }]).most).toEqual({ usd: 2 });
});

it('shows a region without room that there is none, whatever the whole limit is', () => {
  const sum: DaySum = { held: { usd: 8, tokens: 30 }, spent: { usd: 6, tokens: 20 }, at: 1 };
  const seen = seenFromPart(limit, part, { usd: 10, tokens: 33 }, sum);
  expect(seen).toEqual({ held: { usd: 30, tokens: 100 }, spent: { usd: 28, tokens: 90 }, at: 1 });
  expect(seenFromPart(limit, limit, sum.held, sum)).toEqual(sum);
});

it('gives half of what is left, or all that is lacking, and no more than is left', () => {
  const held = { usd: 4, tokens: 33 };
  expect(giftOf(part, held, { usd: 1, tokens: 0 })).toEqual({ usd: 3, tokens: 0 });
  expect(giftOf(part, held, { usd: 5, tokens: 0 })).toEqual({ usd: 5, tokens: 0 });
  expect(giftOf(part, held, { usd: 9, tokens: 7 })).toEqual({ usd: 6, tokens: 0 });
  expect(giftOf(part, held, { usd: 0, tokens: 7 })).toBeNull();
  expect(giftOf(part, { usd: 11, tokens: 0 }, { usd: 1, tokens: 0 })).toBeNull();
});

it('holds a gift with its giver, so that the regions together hold no more than the whole', () => {
  const lacking = lackingFor(part, { usd: 9, tokens: 0 }, { usd: 3, tokens: 1 });
  expect(lacking).toEqual({ usd: 2, tokens: 0 });
  const giver = withGift({ held: { usd: 7, tokens: 0 }, gave: {} }, 'eu', { usd: 2, tokens: 0 });
  expect(giver).toEqual({ held: { usd: 9, tokens: 0 }, gave: { eu: { usd: 2, tokens: 0 } } });
  expect(withGift(giver, 'eu', { usd: 1, tokens: 5 }).gave).toEqual({ eu: { usd: 3, tokens: 5 } });
});

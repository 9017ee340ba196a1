import { describe, expect, it } from 'vitest';
import type { DayLimit } from '#core/budgets/day-budget.ts';
import type { DaySpend } from '#core/ports/day-spend.ts';
import { freshId, NOW } from './samples.ts';

const limitOf = (most: DayLimit['most'], name: string = freshId('tenant')): DayLimit => ({
  counter: { of: 'tenant', name, day: '2026-11-23' },
  most,
});

/** The contract of every store of day counters. */
export function daySpendContract(open: () => DaySpend): void {
  describe('counters of a day', () => {
    it('are zero until something is reserved', async () => {
      expect(await open().read(limitOf({}).counter)).toEqual({
        held: { usd: 0, tokens: 0 },
        spent: { usd: 0, tokens: 0 },
        at: null,
      });
    });

    it('D1: contain the reservation, and after settling only the true cost', async () => {
      const spend = open();
      const limit = limitOf({ usd: 1 });
      const reserved = { usd: 0.3, tokens: 3_000 };
      expect(await spend.reserve(limit, reserved, NOW)).toEqual({ fits: true });
      expect(await spend.read(limit.counter)).toMatchObject({ held: reserved, spent: { usd: 0, tokens: 0 }, at: NOW });
      await spend.settle(limit.counter, reserved, { usd: 0.1, tokens: 900 }, NOW + 5);
      const settled = { usd: 0.1, tokens: 900 };
      expect(await spend.read(limit.counter)).toEqual({ held: settled, spent: settled, at: NOW + 5 });
    });

    it('D2: limit tokens as they limit dollars', async () => {
      const spend = open();
      const limit = limitOf({ tokens: 1_000 });
      expect(await spend.reserve(limit, { usd: 5, tokens: 700 }, NOW)).toEqual({ fits: true });
      expect(await spend.reserve(limit, { usd: 0, tokens: 301 }, NOW)).toMatchObject({ fits: false });
      expect(await spend.reserve(limit, { usd: 0, tokens: 300 }, NOW)).toEqual({ fits: true });
    });

    it('D2: allow exactly up to the limit, and return their value when they refuse', async () => {
      const spend = open();
      const limit = limitOf({ usd: 0.3, tokens: 1_000 });
      for (let call = 0; call < 3; call += 1) {
        expect(await spend.reserve(limit, { usd: 0.1, tokens: 100 }, NOW)).toEqual({ fits: true });
      }
      const sum = { held: { usd: 0.3, tokens: 300 }, spent: { usd: 0, tokens: 0 }, at: NOW };
      expect(await spend.reserve(limit, { usd: 1e-9, tokens: 1 }, NOW + 1)).toEqual({ fits: false, sum });
      expect(await spend.read(limit.counter)).toEqual(sum);
    });

    it.each([
      ['dollars', { usd: 1 }, { usd: 1.000_000_001, tokens: 1 }],
      ['tokens', { tokens: 10 }, { usd: 0.1, tokens: 11 }],
      ['dollars, none of which are allowed', { usd: 0 }, { usd: 0.1, tokens: 1 }],
    ])('D2: refuse an amount above the whole limit of %s', async (_, most, amount) => {
      const spend = open();
      const limit = limitOf(most);
      expect(await spend.reserve(limit, amount, NOW)).toMatchObject({ fits: false });
      expect((await spend.read(limit.counter)).held).toEqual({ usd: 0, tokens: 0 });
    });

    it('are separate by kind, name and day', async () => {
      const spend = open();
      const limit = limitOf({ usd: 1 });
      const { counter, most } = limit;
      await spend.reserve(limit, { usd: 1, tokens: 1 }, NOW);
      for (const other of [{ of: 'agent' }, { name: freshId('tenant') }, { day: '2026-11-24' }] as const) {
        const apart = { counter: { ...counter, ...other }, most };
        expect(await spend.reserve(apart, { usd: 1, tokens: 1 }, NOW)).toEqual({ fits: true });
      }
    });

    it('D2: allow no more concurrent writers than fit', async () => {
      const spend = open();
      const limit = limitOf({ usd: 1 });
      const answers = await Promise.all(
        Array.from({ length: 30 }, () => spend.reserve(limit, { usd: 0.07, tokens: 1 }, NOW)),
      );
      expect(answers.filter(({ fits }) => fits)).toHaveLength(14);
      expect((await spend.read(limit.counter)).held.usd).toBeCloseTo(0.98, 9);
    });
  });
}

import { fitsOn, NOTHING, type Amount, type DayCounter, type DaySum } from '#core/budgets/day-budget.ts';
import type { DaySpend } from '#core/ports/day-spend.ts';

/**
 * Day counters in memory, with the guarantees of the table: each change is one step.
 * Honours: D1 and D2. Does not honour: that a write may be applied twice, or its answer lost.
 */
export function inMemoryDaySpend(): DaySpend {
  const sums = new Map<string, DaySum>();
  const keyOf = ({ of, name, day }: DayCounter): string => `${of}/${name}/${day}`;
  const at = (counter: DayCounter): DaySum => sums.get(keyOf(counter)) ?? NOTHING;
  return {
    read: async (counter) => at(counter),
    async reserve(limit, amount, now) {
      const sum = at(limit.counter);
      if (!fitsOn(sum.held, amount, limit)) return { fits: false, sum };
      sums.set(keyOf(limit.counter), { ...sum, held: plus(sum.held, amount), at: now });
      return { fits: true };
    },
    async settle(counter, reserved, cost, now) {
      const { held, spent } = at(counter);
      const change = { usd: cost.usd - reserved.usd, tokens: cost.tokens - reserved.tokens };
      sums.set(keyOf(counter), { held: plus(held, change), spent: plus(spent, cost), at: now });
    },
  };
}

/** In billionths, as the table counts. */
function plus(a: Amount, b: Amount): Amount {
  const nano = Math.round(a.usd * 1e9) + Math.ceil(b.usd * 1e9 - 1e-6);
  return { usd: nano / 1e9, tokens: a.tokens + b.tokens };
}

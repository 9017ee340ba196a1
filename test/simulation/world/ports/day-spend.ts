import type { Amount, DayCounter, DayLimit, DaySum } from '#core/budgets/day-budget.ts';
import type { DaySpend } from '#core/ports/day-spend.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Surroundings } from '../surroundings.ts';

const NOTHING: DaySum = { held: { usd: 0, tokens: 0 }, spent: { usd: 0, tokens: 0 }, at: null };

/** The day counters, which all workers share: one conditional update of one item at a time, in billionths of a dollar. */
export class SimulatedDaySpend {
  readonly #world: Surroundings;
  readonly #judge: Judge;
  readonly #sums = new Map<string, DaySum>();

  constructor(world: Surroundings, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
  }

  /** The counters as one actor reaches them. */
  store(actor: Actor): DaySpend {
    const { trace } = this.#world;
    return {
      read: (counter) => actor.call('daySpend.read', () => this.#at(counter)),
      reserve: (limit, amount, now) =>
        actor.call('daySpend.reserve', () => {
          const sum = this.#at(limit.counter);
          const held = plus(sum.held, amount);
          const fits = held.usd <= (limit.most.usd ?? Infinity) && held.tokens <= (limit.most.tokens ?? Infinity);
          trace.add(actor.name, 'daySpend.reserve', () => `${limit.counter.of} $${amount.usd}: ${fits}`);
          if (!fits) {
            actor.dayRefused = true;
            actor.dayRefusal = { usd: amount.usd, mostUsd: limit.most.usd ?? Infinity };
            return { fits, sum };
          }
          this.#write(limit.counter, { ...sum, held, at: now });
          this.#judge.days.reserved(limit.counter, amount);
          return { fits };
        }),
      settle: (counter, reserved, cost, now) =>
        actor.call('daySpend.settle', () => {
          const { held, spent } = this.#at(counter);
          const change = { usd: cost.usd - reserved.usd, tokens: cost.tokens - reserved.tokens };
          trace.add(actor.name, 'daySpend.settle', () => `${counter.of} $${reserved.usd} as $${cost.usd}`);
          this.#judge.observe(() => this.#judge.days.settled(counter, reserved));
          this.#write(counter, { held: plus(held, change), spent: plus(spent, cost), at: now });
        }),
    };
  }

  #at(counter: DayCounter): DaySum {
    return this.#sums.get(keyOf(counter)) ?? NOTHING;
  }

  #write(counter: DayCounter, sum: DaySum): void {
    this.#sums.set(keyOf(counter), sum);
    const { tenantUsd, agentUsd } = this.#world.plan.day ?? {};
    const most: DayLimit['most'] = { usd: counter.of === 'tenant' ? tenantUsd : agentUsd };
    this.#judge.observe(() => this.#judge.days.written({ counter, most }, sum.held));
  }
}

const keyOf = ({ of, name, day }: DayCounter): string => `${of}/${name}/${day}`;

const plus = (a: Amount, b: Amount): Amount => ({
  usd: (Math.round(a.usd * 1e9) + Math.round(b.usd * 1e9)) / 1e9,
  tokens: a.tokens + b.tokens,
});

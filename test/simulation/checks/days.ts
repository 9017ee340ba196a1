import { roundUsd } from '#core/models/price.ts';
import type { Amount, DayCounter, DayLimit } from '#core/budgets/day-budget.ts';
import { isCalm, type Plan } from '../world/plan.ts';
import type { History } from './history.ts';
import { expectThat } from './violation.ts';

/** Sums of amounts that were each rounded up to a billionth. */
const TINY = 1e-6;

interface Counter {
  readonly of: 'tenant' | 'agent';
  readonly name: string;
  held: Amount;
}

/**
 * I4 across workers: what a tenant, or an agent, spends in a day never exceeds its budget. The provider's own ledger is
 * the witness.
 * - D1 What was billed is at any moment covered by what the counters hold.
 * - D2 No counter holds more than its limit.
 * - D3 Where nothing went wrong, they hold in the end exactly what the tasks were charged: each hold was settled once.
 * - D4 Each hold is settled at most once, on the counter and the day on which it was made.
 * A clock that is wrong may use the day before: what was billed is held against all days together.
 */
export class DayBooks {
  readonly #counters = new Map<string, Counter>();
  /** Holds that were not settled yet, by counter. */
  readonly #holds = new Map<string, Amount[]>();
  readonly #billed = new Map<string, Amount>();
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** A counter was changed. */
  written({ counter, most }: DayLimit, held: Amount): void {
    const { of, name, day } = counter;
    this.#counters.set(`${of}/${name}/${day}`, { of, name, held });
    expectThat(
      held.usd <= (most.usd ?? Infinity) + TINY && held.usd >= -TINY && held.tokens >= 0,
      'D2',
      () => `${of} ${name} holds ${show(held)} of $${most.usd} on ${day}`,
    );
  }

  /** A call's worst case was held on a counter. */
  reserved({ of, name, day }: DayCounter, { usd, tokens }: Amount): void {
    const place = `${of}/${name}/${day}`;
    this.#holds.set(place, [...(this.#holds.get(place) ?? []), { usd, tokens }]);
  }

  /** A hold is settled. */
  settled({ of, name, day }: DayCounter, { usd, tokens }: Amount): void {
    const place = `${of}/${name}/${day}`;
    const holds = this.#holds.get(place) ?? [];
    const index = holds.findIndex((hold) => Math.abs(hold.usd - usd) <= TINY && hold.tokens === tokens);
    expectThat(index >= 0, 'D4', () => `${place} settles ${show({ usd, tokens })}, which it does not hold any more`);
    this.#holds.set(place, holds.toSpliced(index, 1));
  }

  /** The provider billed a call of a task. */
  billed({ task }: History, bill: Amount): void {
    if (!this.#plan.day) return;
    const { tenantUsd, agentUsd } = this.#plan.day;
    if (tenantUsd !== undefined) this.#cover('tenant', task.tenant, bill);
    if (agentUsd !== undefined) this.#cover('agent', task.agent, bill);
  }

  #cover(of: Counter['of'], name: string, bill: Amount): void {
    const place = `${of}/${name}`;
    const billed = plus(this.#billed.get(place), bill);
    this.#billed.set(place, billed);
    const held = this.#heldBy(of, name);
    expectThat(
      billed.usd <= held.usd + TINY && billed.tokens <= held.tokens,
      'D1',
      () => `${place} was billed ${show(billed)}, and its counters hold ${show(held)}`,
    );
  }

  checkSettled(histories: Iterable<History>): void {
    if (!this.#plan.day || !isCalm(this.#plan) || this.#plan.disturbances.length > 0) return;
    const charged = new Map<string, Amount>();
    for (const { task } of histories) {
      const { usage, usd, lost } = task.spend;
      const tokens = usage.input + usage.output + usage.cacheRead + usage.cacheWrite + lost.tokens;
      const cost = { usd: roundUsd(usd + lost.usd), tokens };
      for (const place of [`tenant/${task.tenant}`, `agent/${task.agent}`])
        charged.set(place, plus(charged.get(place), cost));
    }
    for (const { of, name } of this.#counters.values()) {
      const [held, cost] = [this.#heldBy(of, name), charged.get(`${of}/${name}`) ?? NOTHING];
      expectThat(
        Math.abs(held.usd - cost.usd) <= TINY && held.tokens === cost.tokens,
        'D3',
        () => `${of} ${name} holds ${show(held)}; its tasks were charged ${show(cost)}`,
      );
    }
  }

  #heldBy(of: Counter['of'], name: string): Amount {
    const own = [...this.#counters.values()].filter((counter) => counter.of === of && counter.name === name);
    return own.reduce<Amount>((sum, { held }) => plus(sum, held), NOTHING);
  }
}

const NOTHING: Amount = { usd: 0, tokens: 0 };

const plus = (a: Amount = NOTHING, b: Amount): Amount => ({ usd: a.usd + b.usd, tokens: a.tokens + b.tokens });

const show = ({ usd, tokens }: Amount): string => `$${usd.toFixed(6)} (${tokens} tokens)`;

import type { Amount, DayCounter, DayLimit, DaySum } from '../budgets/day-budget.ts';

/**
 * The counters behind day budgets, shared by all workers. For each counter, at any moment:
 *
 * - D1. What it holds is at least what the calls reserved on it have cost: it may count too much, never too little.
 *   A worker that dies, a write whose answer is lost, or one that was applied twice can only leave it too high.
 * - D2. What it holds never exceeds the limit of the last successful reservation.
 */
export interface DaySpend {
  /** Adds `amount` to a counter if all of it fits below the limit; otherwise changes nothing and says where it stands. */
  reserve(limit: DayLimit, amount: Amount, now: number): Promise<{ readonly fits: true } | Refused>;
  /**
   * Takes back what was reserved beyond the true cost. Never repeated when its answer is lost, since it may have been
   * applied: then the difference stays charged.
   */
  settle(counter: DayCounter, reserved: Amount, cost: Amount, now: number): Promise<void>;
  /** Where a counter stands, strongly consistent. */
  read(counter: DayCounter): Promise<DaySum>;
}

interface Refused {
  readonly fits: false;
  readonly sum: DaySum;
}

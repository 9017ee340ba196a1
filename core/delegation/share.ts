import type { Budget } from '../budgets/budget.ts';

/** What stays with the parent, so that it can read the results and conclude. */
const PARENT_SHARE = 0.2;

/** Rounded down to a billionth of a dollar, so that the shares never exceed the whole. */
const floorUsd = (usd: number): number => Math.floor(usd * 1e9) / 1e9;

/**
 * Divides what a parent has left among the tasks that it delegates. Each gets what its agent asks for while there is
 * enough. If not, the smallest wishes are met first, and the rest is divided equally. A fifth stays with the parent.
 * @returns null when there is nothing to divide
 */
export function shares(left: Budget, wishes: readonly Budget[]): readonly Budget[] | null {
  const usd = divide(
    left.usd * (1 - PARENT_SHARE),
    wishes.map((wish) => wish.usd),
  );
  const tokens = divide(
    left.tokens * (1 - PARENT_SHARE),
    wishes.map((wish) => wish.tokens),
  );
  const budgets = wishes.map((_, index) => ({
    usd: floorUsd(usd[index] ?? 0),
    tokens: Math.floor(tokens[index] ?? 0),
  }));
  return budgets.every((budget) => budget.usd > 0 && budget.tokens > 0) ? budgets : null;
}

/** Water-filling: nobody gets more than the wish, and nobody below it gets less than another. */
function divide(whole: number, wishes: readonly number[]): readonly number[] {
  const order = wishes.map((wish, index) => ({ wish, index })).toSorted((a, b) => a.wish - b.wish);
  const result: number[] = [];
  let left = whole;
  order.forEach(({ wish, index }, met) => {
    const share = Math.min(wish, left / (order.length - met));
    result[index] = share;
    left -= share;
  });
  return result;
}

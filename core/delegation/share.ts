import type { Budget } from '../budgets/budget.ts';
import type { Amount } from '../budgets/day-budget.ts';

/** What stays with the parent, so that it can read the results and conclude. */
const PARENT_SHARE = 0.2;

/** What the tasks that a task delegates can use of its budget together, at most. */
export const forChildren = (usd: number): number => usd * (1 - PARENT_SHARE);

/** Rounded down to a billionth of a dollar, so that the shares never exceed the whole. */
const floorUsd = (usd: number): number => Math.floor(usd * 1e9) / 1e9;

/** What a task may spend at most, and what it needs so that it can make one call. */
export interface Asked {
  readonly wish: Budget;
  readonly least: Budget;
}

/**
 * Divides what a parent has left among the tasks that it delegates. A fifth stays with the parent. Each task gets what its
 * agent asks for while there is enough. If not, each gets what it needs for one call, and the rest is divided: the smallest
 * wishes are met first, the others get equal parts. Tasks for whose call there is not enough get nothing (null): they
 * start when others have ended, rather than that all starve.
 * @param left what the parent has left, with what the children of the same step have spent
 * @param used what those children have spent
 */
export function shares(left: Budget, asked: readonly Asked[], used: Amount): readonly (Budget | null)[] {
  const whole = {
    usd: forChildren(left.usd) - used.usd,
    tokens: left.tokens * (1 - PARENT_SHARE) - used.tokens,
  };
  const paid = affordable(whole, asked);
  const usd = divide(
    whole.usd,
    paid.map(({ wish, least }) => ({ wish: wish.usd, least: least.usd })),
  );
  const tokens = divide(
    whole.tokens,
    paid.map(({ wish, least }) => ({ wish: wish.tokens, least: least.tokens })),
  );
  const places = new Map(paid.map(({ index }, at) => [index, at]));
  return asked.map((_, index) => {
    const at = places.get(index) ?? -1;
    const share = { usd: floorUsd(usd[at] ?? 0), tokens: Math.floor(tokens[at] ?? 0) };
    return share.usd > 0 && share.tokens > 0 ? share : null;
  });
}

/** Those tasks, in their order, for whose calls the whole is enough. */
function affordable(whole: Amount, asked: readonly Asked[]): readonly (Asked & { readonly index: number })[] {
  let { usd, tokens } = whole;
  return asked.flatMap((each, index) => {
    const { least } = each;
    if (least.usd > usd || least.tokens > tokens) return [];
    usd -= least.usd;
    tokens -= least.tokens;
    return [{ ...each, index }];
  });
}

/** Water-filling above the least: nobody gets more than the wish, and nobody below it gets less of the rest than another. */
function divide(whole: number, asked: readonly { readonly wish: number; readonly least: number }[]): readonly number[] {
  const order = asked
    .map(({ wish, least }, index) => ({ more: wish - least, index }))
    .toSorted((a, b) => a.more - b.more);
  const result = asked.map(({ least }) => least);
  let left = whole - result.reduce((sum, least) => sum + least, 0);
  order.forEach(({ more, index }, met) => {
    const share = Math.min(more, left / (order.length - met));
    result[index] = (result[index] ?? 0) + share;
    left -= share;
  });
  return result;
}

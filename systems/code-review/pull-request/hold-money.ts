import { dayOf, fitsOn, type DayCounter } from '#core/budgets/day-budget.ts';
import { roundUsd } from '#core/models/price.ts';
import { treeCostOf } from '#core/tasks/cost.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { isTerminal } from '#core/tasks/task.ts';
import type { Held } from './claim.ts';
import type { PullRequest } from './order.ts';
import type { ReviewPorts } from './ports.ts';

/** What settling money uses. */
export type MoneyPorts = Pick<ReviewPorts, 'budgets' | 'clock' | 'store'>;

/** The counters of a review: its repository's, and the whole system's. They live in the reviews table. */
const countersOf = ({ repository }: PullRequest, day: string): readonly [DayCounter, DayCounter] => [
  { of: 'tenant', name: repository.toLowerCase(), day },
  { of: 'agent', name: 'code-review', day },
];

/**
 * How many times the estimate is held. Each call reserves its worst case before it begins, and answers may be repaired.
 * Less would let specialists wait for each other.
 */
const ESTIMATES = 10;
/** For the calls of the supervisor, which the estimate leaves out. */
const SUPERVISOR_USD = 0.3;

/** What is held for a review, which is its budget: enough for its calls, and not the most that any review may cost. */
export const usdToHold = (
  { maxUsd }: Pick<ReviewPorts['settings'], 'maxUsd'>,
  { estimateUsd, mostUsd }: { readonly estimateUsd: number; readonly mostUsd: number },
): number => Math.min(mostUsd, maxUsd.repository, maxUsd.day, roundUsd(SUPERVISOR_USD + ESTIMATES * estimateUsd));

/** Why there is no room: the money is spent, or other reviews hold more than they have spent. */
export type NoRoom = 'spent' | 'held-by-others';

/**
 * Holds the budget of a review on both day budgets, before anything is spent. When there is no room, nothing is held.
 * Calling it again holds the amount again, so that a counter can only be too high.
 */
export async function holdMoney(
  ports: Pick<ReviewPorts, 'budgets' | 'clock' | 'settings'>,
  pull: PullRequest,
  taskId: string,
  usd: number,
): Promise<Held | NoRoom> {
  const { budgets, clock, settings } = ports;
  const now = clock.now();
  const held = { usd, day: dayOf(now), taskId, at: now };
  const [repository, system] = countersOf(pull, held.day);
  const amount = { usd: held.usd, tokens: 0 };
  const limits = [
    { counter: repository, most: { usd: settings.maxUsd.repository } },
    { counter: system, most: { usd: settings.maxUsd.day } },
  ];
  for (const [at, limit] of limits.entries()) {
    const reserved = await budgets.reserve(limit, amount, now);
    if (reserved.fits) continue;
    for (const { counter } of limits.slice(0, at)) await budgets.settle(counter, amount, { usd: 0, tokens: 0 }, now);
    return fitsOn(reserved.sum.spent, amount, limit) ? 'held-by-others' : 'spent';
  }
  return held;
}

/** A task that is being submitted while its execution is stopped is there by then: the function takes 30 s at most. */
const SUBMITTED_MS = 60_000;

/** What a review has cost, for each amount of which this is certain. The others may still be spent. */
export async function costsOf(ports: MoneyPorts, amounts: readonly Held[]): Promise<ReadonlyMap<Held, number>> {
  const costs = new Map<Held, number>();
  for (const held of amounts) {
    const cost = await costOfReview(ports, held);
    if (cost !== null) costs.set(held, Math.min(held.usd, cost));
  }
  return costs;
}

/** Null while the task, or one that it has delegated, has not ended. */
async function costOfReview({ store, clock }: MoneyPorts, { taskId, at }: Held): Promise<number | null> {
  const task = await store.get(taskIdSchema.parse(taskId));
  if (task === null) return clock.now() - at < SUBMITTED_MS ? null : 0;
  if (!isTerminal(task.state)) return null;
  // A cancelled task ends before its children do. What it had reserved for them is not what they cost.
  const open = task.delegation?.children.map(({ id }) => taskIdSchema.parse(id)) ?? [];
  const children = await store.getMany(open);
  if (children.some(({ state }) => !isTerminal(state))) return null;
  const own = treeCostOf({ spend: task.spend }).usd;
  return children.reduce((sum, child) => sum + treeCostOf(child).usd, own);
}

/**
 * Gives back what reviews did not cost. The caller has removed them from the claim before, in a write that only one
 * caller can make: an amount that is given back twice would raise the budget, one that is lost only lowers it.
 */
export async function giveBack(ports: MoneyPorts, pull: PullRequest, costs: ReadonlyMap<Held, number>): Promise<void> {
  const now = ports.clock.now();
  for (const [held, usd] of costs)
    for (const counter of countersOf(pull, held.day))
      await ports.budgets.settle(counter, { usd: held.usd, tokens: 0 }, { usd, tokens: 0 }, now);
}

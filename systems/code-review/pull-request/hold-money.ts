import { dayOf, type DayCounter } from '#core/budgets/day-budget.ts';
import { treeCostOf } from '#core/tasks/cost.ts';
import { isTerminal, taskIdSchema } from '#core/tasks/task.ts';
import type { Held } from './claim.ts';
import type { PullRequest } from './order.ts';
import type { ReviewPorts } from './ports.ts';

type BudgetPorts = Pick<ReviewPorts, 'budgets' | 'clock' | 'store' | 'settings'>;

/** The counters of a review: its repository's, and the whole system's. They live in the reviews table. */
const countersOf = ({ repository }: PullRequest, day: string): readonly [DayCounter, DayCounter] => [
  { of: 'tenant', name: repository.toLowerCase(), day },
  { of: 'agent', name: 'code-review', day },
];

/**
 * Holds the most that a review may cost on both day budgets, before anything is spent. Null when there is no room; then
 * nothing is held. Calling it again holds the amount again, so that a counter can only be too high.
 */
export async function holdMoney(ports: BudgetPorts, pull: PullRequest, taskId: string): Promise<Held | null> {
  const { budgets, clock, settings } = ports;
  const now = clock.now();
  const held = { usd: settings.maxUsd.pullRequest, day: dayOf(now), taskId };
  const [repository, system] = countersOf(pull, held.day);
  const amount = { usd: held.usd, tokens: 0 };
  const first = await budgets.reserve({ counter: repository, most: { usd: settings.maxUsd.repository } }, amount, now);
  if (!first.fits) return null;
  const second = await budgets.reserve({ counter: system, most: { usd: settings.maxUsd.day } }, amount, now);
  if (second.fits) return held;
  await budgets.settle(repository, amount, { usd: 0, tokens: 0 }, now);
  return null;
}

/** Gives back what a review did not cost. False while its task may still spend. */
export async function settleMoney(ports: BudgetPorts, pull: PullRequest, held: Held): Promise<boolean> {
  const task = await ports.store.get(taskIdSchema.parse(held.taskId));
  if (task !== null && !isTerminal(task.state)) return false;
  const usd = task === null ? 0 : Math.min(held.usd, treeCostOf(task).usd);
  const now = ports.clock.now();
  for (const counter of countersOf(pull, held.day))
    await ports.budgets.settle(counter, { usd: held.usd, tokens: 0 }, { usd, tokens: 0 }, now);
  return true;
}

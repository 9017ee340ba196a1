import { roundUsd } from '../models/price.ts';
import type { Clock } from '../ports/clock.ts';
import type { UsageStore } from '../ports/usage-store.ts';
import type { BulkKind } from './action.ts';
import type { Chosen } from './select.ts';

/** What an action costs, in US dollars. */
export interface BulkCost {
  /** What its tasks have cost so far. */
  readonly spentUsd: number;
  /** What it is expected to cost. */
  readonly usd: number;
  /** What it costs at most, by the budgets of its tasks. */
  readonly maxUsd: number;
}

/** An agent's average is over this many days, today included. */
const DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Estimates the cost of an action. A task that starts again is expected to cost what it cost before, or the average of
 * its agent's tasks in the last days if that is more: it may have failed at its first step.
 */
export async function estimateCost(
  ports: { readonly usage: Pick<UsageStore, 'query'>; readonly clock: Pick<Clock, 'now'> },
  tenant: string,
  kind: BulkKind,
  tasks: readonly Chosen[],
): Promise<BulkCost> {
  const spentUsd = sum(tasks.map(({ usd }) => usd));
  if (kind === 'cancel' || tasks.length === 0) return { spentUsd, usd: 0, maxUsd: 0 };
  const averages = await averageCosts(ports, tenant);
  const expected = tasks.map(({ agent, usd, budgetUsd }) =>
    Math.min(Math.max(usd, averages.get(agent) ?? 0), Math.max(usd, budgetUsd)),
  );
  return { spentUsd, usd: sum(expected), maxUsd: sum(tasks.map(({ budgetUsd }) => budgetUsd)) };
}

const sum = (amounts: readonly number[]): number => roundUsd(amounts.reduce((total, usd) => total + usd, 0));

async function averageCosts(
  { usage, clock }: Parameters<typeof estimateCost>[0],
  tenant: string,
): Promise<ReadonlyMap<string, number>> {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const now = clock.now();
  const rows = await usage.query({ tenant, from: day(now - (DAYS - 1) * DAY_MS), to: day(now) });
  const sums = new Map<string, { usd: number; tasks: number }>();
  for (const { agent, usd, lostUsd, ended } of rows) {
    const before = sums.get(agent) ?? { usd: 0, tasks: 0 };
    const tasks = ended.succeeded + ended.failed + ended.escalated;
    sums.set(agent, { usd: before.usd + usd + lostUsd, tasks: before.tasks + tasks });
  }
  return new Map([...sums].map(([agent, { usd, tasks }]) => [agent, tasks === 0 ? 0 : usd / tasks]));
}

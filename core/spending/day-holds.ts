import type { Agent } from '../agents/define-agent.ts';
import {
  dayOf,
  fitsOn,
  mayHaveRoomSoon,
  nextDay,
  refusedBy,
  type Amount,
  type DayCounter,
  type DayLimit,
  type DaySum,
} from '../budgets/day-budget.ts';
import type { TenantLimits } from '../ports/limits.ts';
import type { Task } from '../tasks/task.ts';
import type { DayPorts, SettleHeldPorts } from './ports.ts';
import { mustWait, overBudget, type CallRefusal } from './refusal.ts';

/** What one call holds of its day's budgets. What is neither settled nor released stays charged. */
export interface DayHold {
  /** The day budgets that hold it: for who settles it in another process, by `settleHeld`. */
  readonly counters: readonly DayCounter[];
  /** After the call: only the true cost stays charged. */
  settle(cost: Amount): Promise<void>;
  /** For a call that was surely not billed. */
  release(): Promise<void>;
}

const NO_HOLD: DayHold = { counters: [], settle: async () => undefined, release: async () => undefined };

/** The next day's budget is not asked for by all at once: within so long after midnight. */
const SPREAD_MS = 300_000;
/** How long to wait for calls under way to give back what they do not need. */
const SOON_MS = 15_000;

/** The limit that has no room for a call, and where its counter stands. */
interface NoRoom {
  readonly limit: DayLimit;
  readonly sum: DaySum;
  readonly worst: Amount;
}

type DayAnswer = { readonly held: true; readonly hold: DayHold } | { readonly held: false; readonly noRoom: NoRoom };

/**
 * Reserves a call's worst case on the day budgets of its tenant and its agent, before it is made (I4 over all workers).
 * Always in this order; when the second refuses, the first is given back. Where nothing is limited nothing is written.
 *
 * A reservation belongs to the day on which it was made, also when its call ends on the next.
 */
export async function holdDay(ports: DayPorts, agent: Agent, task: Task, worst: Amount): Promise<DayAnswer> {
  const now = ports.clock.now();
  const limits = limitsOn(dayOf(now), agent, task, await ports.limits.ofTenant(task.tenant));
  if (limits.length === 0) return { held: true, hold: NO_HOLD };
  const taken: DayLimit[] = [];
  for (const limit of limits) {
    const answer = await ports.daySpend.reserve(limit, worst, now);
    if (!answer.fits) {
      await settleAll(ports, taken, worst, { usd: 0, tokens: 0 });
      return { held: false, noRoom: { limit, sum: answer.sum, worst } };
    }
    taken.push(limit);
  }
  const settle = (cost: Amount): Promise<void> => settleAll(ports, taken, worst, cost);
  const counters = taken.map(({ counter }) => counter);
  return { held: true, hold: { counters, settle, release: () => settle({ usd: 0, tokens: 0 }) } };
}

function limitsOn(day: string, { dayBudget }: Agent, task: Task, { dayUsd, dayTokens }: TenantLimits): DayLimit[] {
  const limits: DayLimit[] = [];
  if (dayUsd !== undefined || dayTokens !== undefined) {
    limits.push({ counter: { of: 'tenant', name: task.tenant, day }, most: { usd: dayUsd, tokens: dayTokens } });
  }
  if (dayBudget) limits.push({ counter: { of: 'agent', name: task.agent, day }, most: dayBudget });
  return limits;
}

/** What can't be taken back stays charged: no reason to fail a task. */
async function settleAll(ports: SettleHeldPorts, taken: readonly DayLimit[], reserved: Amount, cost: Amount) {
  const counters = taken.map(({ counter }) => counter);
  await settleHeld(ports, counters, reserved, cost);
}

/** Settles what another process reserved: once, by whoever wrote that the call is over. */
export async function settleHeld(
  { daySpend, clock }: SettleHeldPorts,
  counters: readonly DayCounter[],
  reserved: Amount,
  cost: Amount,
): Promise<void> {
  const now = clock.now();
  await Promise.allSettled(counters.map((counter) => daySpend.settle(counter, reserved, cost, now)));
}

/** A task waits for room as long as its deadline allows; one whose call fits on no day fails at once. */
export function refusalOf({ clock, ids, report }: DayPorts, task: Task, { limit, sum, worst }: NoRoom): CallRefusal {
  const now = clock.now();
  const reason = refusedBy(limit, sum, worst);
  report(task, { type: 'budget.refused', of: limit.counter.of });
  const day = nextDay(now);
  if (!fitsOn({ usd: 0, tokens: 0 }, worst, limit)) return overBudget(reason);
  if (mayHaveRoomSoon(sum, worst, limit, now)) {
    const until = Math.round(now + SOON_MS * (1 + 2 * ids.random()));
    return mustWait({ cause: 'budget', until, reason });
  }
  if (day >= task.deadline) return overBudget(reason);
  const spread = Math.min(SPREAD_MS, (task.deadline - day) / 2);
  return mustWait({ cause: 'budget', until: Math.round(day + spread * ids.random()), reason });
}

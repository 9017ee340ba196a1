import type { Agent } from '../agents/define-agent.ts';
import {
  dayOf,
  fitsOn,
  mayHaveRoomSoon,
  nextDay,
  noRoomReason,
  type Amount,
  type DayCounter,
  type DayLimit,
  type DaySum,
} from '../budgets/day-budget.ts';
import type { TenantLimits } from '../ports/limits.ts';
import type { Task } from '../tasks/task.ts';
import type { DayPorts, SettleHeldPorts } from './ports.ts';
import { mustWait, overBudget, type CallRefusal } from './refusal.ts';

/** What one call holds on the day budgets. It stays charged until it is settled or released. */
export interface DayHold {
  /** The counters that hold it, for `settleHeld` in another process. */
  readonly counters: readonly DayCounter[];
  /** Replaces the reservation with the true cost, after the call. */
  settle(cost: Amount): Promise<void>;
  /** Gives the reservation back, for a call that was certainly not billed. */
  release(): Promise<void>;
}

const NO_HOLD: DayHold = { counters: [], settle: async () => undefined, release: async () => undefined };

/** Tasks that wait for the next day start within this time after midnight, not all at once. */
const SPREAD_MS = 300_000;
/** How long to wait for running calls to settle. */
const SOON_MS = 15_000;

/** The limit that has no room for a call, and where its counter stands. */
interface NoRoom {
  readonly limit: DayLimit;
  readonly sum: DaySum;
  readonly worst: Amount;
}

type DayAnswer = { readonly held: true; readonly hold: DayHold } | { readonly held: false; readonly noRoom: NoRoom };

/**
 * Reserves a call's worst case on the day budgets of its tenant, then of its agent, before it is made (I4 across all
 * workers). If the agent's has no room, the tenant's is released. Without limits nothing is written. A reservation
 * belongs to the day on which it was made, even if the call ends on the next.
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

/** A failed write leaves the reservation charged, and does not fail the task. */
async function settleAll(ports: SettleHeldPorts, taken: readonly DayLimit[], reserved: Amount, cost: Amount) {
  const counters = taken.map(({ counter }) => counter);
  await settleHeld(ports, counters, reserved, cost);
}

/** Settles what another process reserved. Called once, by the writer that recorded the end of the call. */
export async function settleHeld(
  { daySpend, clock }: SettleHeldPorts,
  counters: readonly DayCounter[],
  reserved: Amount,
  cost: Amount,
): Promise<void> {
  const now = clock.now();
  await Promise.allSettled(counters.map((counter) => daySpend.settle(counter, reserved, cost, now)));
}

/** Waits for room until the deadline. A call that fits on no day fails at once. */
export function refusalOf({ clock, ids, report }: DayPorts, task: Task, { limit, sum, worst }: NoRoom): CallRefusal {
  const now = clock.now();
  const reason = noRoomReason(limit, sum, worst);
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

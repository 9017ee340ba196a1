import type { Actor } from '../world/actor.ts';
import type { Plan } from '../world/plan.ts';
import { isTerminal, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** The sweeper comes every minute, and a task is looked at some time after its deadline. */
const LATE_MS = 3 * 60_000;

/**
 * Stops hold, whoever is gone or waits.
 * - I1.7 A request to cancel ends a task that nobody works on at once: also one whose lease has run out. Who made it is
 *   told so only once it holds.
 * - I1.8 After a sweep nothing is left that should have ended minutes ago, unless a worker holds it.
 * - I1.9 A task that waits for a day's budget fails for it only if the next day comes too late, or no day has room.
 */
export function checkCancel({ before, after, by }: TaskWrite): void {
  if (by.role !== 'operator' || isTerminal(before.state) || by.machine.jumped) return;
  const isHeld = before.state.status === 'running' && before.state.leaseUntil > by.latest;
  expectThat(
    isHeld || after.state.status !== 'running',
    'I1.7',
    () => `${by.name} cancels a task that nobody works on, and it is ${after.state.status}`,
  );
}

/** An operator was told that the cancel is accepted. */
export function checkCancelled({ task: { state }, alias }: History, by: Actor): void {
  const holds = isTerminal(state) || (state.status === 'running' && state.cancelRequested);
  expectThat(holds, 'I1.7', () => `${by.name} has cancelled ${alias}, and it is ${state.status}`);
}

/** @param by who swept; null: it found nothing to do */
export function checkSwept(histories: Iterable<History>, by: Actor | null, startedAt: number): void {
  if (by && by.machine.faults > 0) return;
  for (const { task, alias, writtenAt } of histories) {
    const { state, deadline } = task;
    const late = startedAt - deadline;
    const held = state.status === 'running' && state.leaseUntil > startedAt - LATE_MS;
    if (isTerminal(state) || held || (by && writtenAt >= by.since)) continue;
    expectThat(late < LATE_MS, 'I1.8', () => `${alias} is ${state.status} ${late} ms after its deadline`);
  }
}

const DAY_MS = 86_400_000;

export function checkDayRefusal({ before, after, by }: TaskWrite, plan: Plan): void {
  const { state } = after;
  if (state.status !== 'failed' || state.failure.kind !== 'over-budget' || !by.dayRefusal || by.machine.jumped) return;
  if (plan.budget.usd < 1) return;
  const { usd, mostUsd } = by.dayRefusal;
  const next = (Math.floor(by.latest / DAY_MS) + 1) * DAY_MS;
  expectThat(
    usd > mostUsd || next >= before.deadline,
    'I1.9',
    () => `it fails for a day's budget, and the next day begins ${before.deadline - next} ms before its deadline`,
  );
}

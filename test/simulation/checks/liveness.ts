import type { Task } from '#core/tasks/task.ts';
import type { Plan } from '../world/plan.ts';
import { checkWhole } from './audit.ts';
import { isTerminal } from './history.ts';
import type { Judge } from './judge.ts';
import { checkUploadDone } from './uploads.ts';
import { expectThat } from './violation.ts';

/** Tokens that somebody waits for: those of tasks, and those that came with an object. */
function tokensOf(judge: Judge, plan: Plan): readonly string[] {
  const ofTasks = [...judge.histories.values()].flatMap(({ task }) => task.waiters);
  const ofObjects = plan.orders.flatMap((order) => (order.kind === 'object' ? [order.token] : []));
  return [...new Set([...ofTasks, ...ofObjects])].filter((token) => token !== plan.unanswerable);
}

const isNoted = ({ state }: Task): boolean => 'notified' in state && state.notified;

/** Whether every task has ended and everybody was told. Never where a token can't be answered. */
export function isAllDone(judge: Judge, plan: Plan): boolean {
  for (const { task } of judge.histories.values()) if (!isNoted(task)) return false;
  return tokensOf(judge, plan).every((token) => judge.answers.has(token));
}

/**
 * Once faults have stopped, within a bounded time:
 * - L1 every accepted task has reached a terminal state (I1);
 * - L2 every waiter was answered (I6, I9), and that is noted;
 * - I7.9 every task's part of the audit trail is whole;
 * - U3 every upload had its runs.
 * - D3 day budgets hold what was charged.
 * - W4 every callback was delivered, or given up by rule; G4 high priority left others their share.
 * A token that can't be answered is left out, and so is the note of the task it waits for.
 */
export function checkDone(judge: Judge, plan: Plan): void {
  for (const history of judge.histories.values()) {
    const { task, alias } = history;
    expectThat(isTerminal(task.state), 'L1', () => `${alias} is still ${task.state.status}`);
    const excused = plan.unanswerable !== null && task.waiters.includes(plan.unanswerable);
    expectThat(excused || isNoted(task), 'L2', () => `${alias} ended, but that everybody was told is not noted`);
    checkWhole(history);
  }
  const untold = tokensOf(judge, plan).filter((token) => !judge.answers.has(token));
  expectThat(untold.length === 0, 'L2', () => `nobody answered ${untold.join(', ')}`);
  judge.areas.checkDone();
  judge.days.checkSettled(judge.histories.values());
  for (const upload of judge.uploads.values()) checkUploadDone(upload);
}

import type { TaskOutcome } from '../ports/notifier.ts';
import { apply } from '../tasks/apply.ts';
import { markNotified } from '../tasks/finish.ts';
import { isTerminal, type Task, type TerminalState } from '../tasks/task.ts';
import type { WorkerPorts } from './ports.ts';

type NotifyPorts = Pick<WorkerPorts, 'store' | 'notifier'>;

/** Tells everybody who waits for an ended task, then notes that it was done: at least once, same id each time (I6). */
export async function notifyWaiters({ store, notifier }: NotifyPorts, task: Task): Promise<void> {
  if (!isTerminal(task.state) || task.state.notified) return;
  const outcome = outcomeOf(task, task.state);
  await Promise.all(task.waiters.map((token) => notifier.answer(token, outcome)));
  await apply(store, task, markNotified);
}

/** What a waiter is told: small, and without anything of the document. */
export function outcomeOf(task: Task, state: TerminalState): TaskOutcome {
  const outcome = { id: `${task.id}/end`, taskId: task.id, status: state.status };
  switch (state.status) {
    case 'succeeded':
      return outcome;
    case 'failed':
      return { ...outcome, reason: state.failure.reason };
    case 'cancelled':
      return { ...outcome, reason: 'Cancelled on request.' };
    case 'escalated':
      return { ...outcome, reason: state.reason };
  }
}

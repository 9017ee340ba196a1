import type { Clock } from '../../ports/clock.ts';
import type { TaskQueue } from '../../ports/task-queue.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { apply } from '../../tasks/apply.ts';
import { cancel } from '../../tasks/finish.ts';
import type { Task } from '../../tasks/task.ts';
import type { Decision } from '../../tasks/transition.ts';

export interface CancelPorts {
  readonly store: TaskStore;
  readonly queue: TaskQueue;
  readonly clock: Clock;
}

/**
 * Cancels a task: at once if no worker holds it, otherwise within seconds. A task that has ended does not change. A
 * message makes a worker notify the waiters; if it is lost, the sweeper notifies them.
 */
export async function cancelTask(ports: CancelPorts, task: Task): Promise<Task> {
  const decision = await apply(ports.store, task, (current) => cancel(current, ports.clock.now()));
  await sendCancelled(ports, decision);
  return decision.task;
}

/** Sends the message of a task that was cancelled at once. */
export async function sendCancelled({ queue }: Pick<CancelPorts, 'queue'>, { ok, task }: Decision): Promise<void> {
  if (ok && task.state.status === 'cancelled') await queue.send(task).catch(() => undefined);
}

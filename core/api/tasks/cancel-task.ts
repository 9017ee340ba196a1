import type { Clock } from '../../ports/clock.ts';
import type { TaskQueue } from '../../ports/task-queue.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { apply } from '../../tasks/apply.ts';
import { cancel } from '../../tasks/finish.ts';
import type { Task } from '../../tasks/task.ts';

export interface CancelPorts {
  readonly store: TaskStore;
  readonly queue: TaskQueue;
  readonly clock: Clock;
}

/**
 * Cancels a task: at once if no worker holds it, otherwise within seconds. A task that has ended does not change. A
 * message makes a worker notify the waiters; if it is lost, the sweeper notifies them.
 */
export async function cancelTask({ store, queue, clock }: CancelPorts, task: Task): Promise<Task> {
  const decision = await apply(store, task, (current) => cancel(current, clock.now()));
  if (decision.ok && decision.task.state.status === 'cancelled') await queue.send(decision.task).catch(() => undefined);
  return decision.task;
}

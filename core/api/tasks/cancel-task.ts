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
 * Asks for a task's end: at once where nobody works on it, within seconds where somebody does. One that has ended stays
 * as it is. A message brings a worker to tell who waits for it; if that is lost, the sweeper does.
 */
export async function cancelTask({ store, queue, clock }: CancelPorts, task: Task): Promise<Task> {
  const decision = await apply(store, task, (current) => cancel(current, clock.now()));
  if (decision.ok && decision.task.state.status === 'cancelled') await queue.send(decision.task).catch(() => undefined);
  return decision.task;
}

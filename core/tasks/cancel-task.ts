import type { Clock } from '../ports/clock.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { apply } from './apply.ts';
import { cancel } from './finish.ts';
import { isTerminal, type Task } from './task.ts';
import type { Decision } from './transition.ts';

/**
 * Asks for a task's end. Where nobody works on it, it ends at once, and its message is sent so that a worker tells the
 * waiters within seconds; if that is lost, the sweeper does. Where somebody does, that worker notices within five seconds:
 * a model call is aborted and stays charged, a tool that runs is let finish. Refused as `finished` when the task has
 * ended, as `unchanged` when it was asked for before.
 */
export async function cancelTask(
  ports: {
    readonly store: Pick<TaskStore, 'get' | 'replace'>;
    readonly queue: TaskQueue;
    readonly clock: Pick<Clock, 'now'>;
  },
  task: Task,
): Promise<Decision> {
  const decision = await apply(ports.store, task, (current) => cancel(current, ports.clock.now()));
  const ended = decision.ok && isTerminal(decision.task.state);
  if (ended && ports.queue.serves(task.agent)) await ports.queue.send(task);
  return decision;
}

import type { Clock } from '../ports/clock.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { apply } from '../tasks/apply.ts';
import { free, waitOn } from '../tasks/progress.ts';
import { taskIdSchema } from '../tasks/task-id.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { isOver } from './children.ts';

export interface WakePorts {
  readonly store: Pick<TaskStore, 'get' | 'replace'>;
  readonly queue: TaskQueue;
  readonly clock: Pick<Clock, 'now'>;
}

/** Wakes the parent of an ended task, if that was the last one it waits for. */
export async function wakeParent(ports: WakePorts, { parent }: Task): Promise<void> {
  if (!parent) return;
  const task = await unlessUnreadable(ports.store.get(taskIdSchema.parse(parent.id)), null);
  if (task?.delegation?.step === parent.step) await wakeIfOver(ports, task);
}

/** Wakes a task that waits for its children, if it may go on. A parent that is not parked yet looks itself after it is. */
export async function wakeIfOver(ports: WakePorts, task: Task): Promise<void> {
  const { state, delegation } = task;
  if (state.status !== 'parked' || state.detail !== 'delegated' || !delegation) return;
  if (!(await isOver(ports, delegation))) return;
  if (!(await ports.queue.serves(task.agent))) {
    // The pool is still being deployed. Its sweeper finds the task within two minutes.
    await apply(ports.store, task, (current) => waitOn(current, 0, ports.clock.now()));
    return;
  }
  // Send the message first. In the reverse order a crash in between would lose it.
  await ports.queue.send(task);
  await apply(ports.store, task, (current) => free(current, task, ports.clock.now()));
}

/**
 * Whether the parent of a task ended or went on without it. Such a task is cancelled when a worker claims it: it may have
 * been created by a worker that did not know yet.
 */
export async function isLeftByParent(store: Pick<TaskStore, 'get'>, { parent }: Task): Promise<boolean> {
  if (!parent) return false;
  const task = await unlessUnreadable(store.get(taskIdSchema.parse(parent.id)), 'unreadable');
  if (task === 'unreadable') return false;
  return task === null || isTerminal(task.state) || task.steps.length > parent.step;
}

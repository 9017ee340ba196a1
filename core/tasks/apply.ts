import type { TaskStore } from '../ports/task-store.ts';
import type { Decision, Transition } from './transition.ts';
import type { Task } from './task.ts';

/**
 * Decides a transition and writes it. If another writer was first, decides again on the newest state.
 * Terminates because every conflict means that another writer made progress.
 * @param prepare does what must be in the store before the write, and returns what is written @default nothing
 */
export async function apply(
  store: Pick<TaskStore, 'get' | 'replace'>,
  task: Task,
  transition: Transition,
  prepare: (next: Task) => Task | Promise<Task> = (next) => next,
): Promise<Decision> {
  let current = task;
  for (;;) {
    const decision = transition(current);
    if (!decision.ok) return decision;
    const next = await prepare(decision.task);
    if ((await store.replace(next)) === 'replaced') return { ok: true, task: next };
    const newest = await store.get(task.id);
    if (!newest) throw new Error(`Task ${task.id} was deleted from the store while it was being written.`);
    current = newest;
  }
}

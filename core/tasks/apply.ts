import type { TaskStore } from '../ports/task-store.ts';
import type { Decision, Transition } from './transition.ts';
import type { Task } from './task.ts';

/**
 * Decides a transition and writes it, deciding anew on the newest state whenever another writer was first.
 * Ends because every conflict means that somebody else made progress.
 */
export async function apply(
  store: Pick<TaskStore, 'get' | 'replace'>,
  task: Task,
  transition: Transition,
): Promise<Decision> {
  let current = task;
  for (;;) {
    const decision = transition(current);
    if (!decision.ok) return decision;
    if ((await store.replace(decision.task)) === 'replaced') return decision;
    const newest = await store.get(task.id);
    if (!newest) throw new Error(`Task ${task.id} vanished from the store while it was being written.`);
    current = newest;
  }
}

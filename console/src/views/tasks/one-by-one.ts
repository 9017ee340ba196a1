import { reasonOf } from '../../parts/notices.ts';

/** What became of the items of an action. */
export interface Outcomes {
  readonly done: number;
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

/** Acts on one item after the other. One that fails does not stop those after it. */
export async function oneByOne(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<Outcomes> {
  const failed: { id: string; reason: string }[] = [];
  for (const id of ids) {
    try {
      await act(id);
    } catch (error) {
      failed.push({ id, reason: reasonOf(error) });
    }
  }
  return { done: ids.length - failed.length, failed };
}

/** `12 tasks cancelled. 1 failed: task-…: reason`. */
export function outcomeWords({ done, failed }: Outcomes, verb: string): string {
  const tasks = `${done} ${done === 1 ? 'task' : 'tasks'} ${verb}.`;
  if (failed.length === 0) return tasks;
  return `${tasks} ${failed.length} failed: ${failed.map(({ id, reason }) => `${id}: ${reason}`).join(' · ')}`;
}

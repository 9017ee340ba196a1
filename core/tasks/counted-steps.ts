import type { TaskStore } from '../ports/task-store.ts';
import { stepSchema, type Step } from './step.ts';
import type { Task } from './task.ts';

/**
 * The steps of a task that count, in order: those whose epoch the task recorded. One that this release cannot read is left
 * out.
 */
export async function countedSteps(store: Pick<TaskStore, 'steps'>, task: Task): Promise<readonly Step[]> {
  const { id, steps } = task;
  const lastStep = task.lastStep === undefined ? undefined : stepSchema.safeParse(task.lastStep).data;
  // A task with one step has all of it in its item.
  if (lastStep?.index === 0) return [lastStep];
  const written = await store.steps(id, 'skip');
  const all = lastStep === undefined ? written : [...written, lastStep];
  return all.filter(({ index, epoch }) => steps[index] === epoch).toSorted((one, other) => one.index - other.index);
}

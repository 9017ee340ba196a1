import type { Step } from '../tasks/step.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import type { Decision, Transition } from '../tasks/transition.ts';

/** A step that has ended, whose commit is part of the task's next write. */
export interface OwedStep {
  readonly step: Step;
  readonly commit: Transition;
  /** The step's own write, if it has begun. */
  stored: Promise<void> | null;
  /** Called once, when the commit is written. @default nothing */
  readonly onCommitted?: () => void;
}

/** A commit, of a step or a claim, and another change as one write. A commit that is there already is left out. */
export function withCommit({ commit }: { readonly commit: Transition }, change: Transition): Transition {
  return (task) => {
    const committed = commit(task);
    if (!committed.ok && committed.refusal !== 'unchanged') return committed;
    const changed = change(committed.task);
    if (changed.ok) return { ...changed, task: { ...changed.task, version: task.version + 1 } };
    return changed.refusal === 'unchanged' && committed.ok ? committed : { ...changed, task };
  };
}

/** A task is written a few times after its end, and each write costs by its size. */
const MAX_LENGTH = 4_000;

/** The end of a task with its last step in it, if that is small and is not in the store yet. */
export function endingWith({ step, stored }: OwedStep, next: Task): Task | null {
  const fits = isTerminal(next.state) && stored === null && JSON.stringify(step).length <= MAX_LENGTH;
  return fits ? { ...next, lastStep: step } : null;
}

/** The task as it is once the commit is written. */
export const seenWith = ({ commit }: OwedStep, task: Task): Task => commit(task).task;

/** Whether a decision has the commit in it. */
export const hasCommit = (decision: Decision): boolean => decision.ok || decision.refusal === 'unchanged';

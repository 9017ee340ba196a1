import type { Task } from '#core/tasks/task.ts';
import { isTerminal, type History } from './history.ts';

/** A write that does several things at once is judged as if they were done one after the other. */
export function partsOf(history: History, before: Task, after: Task): readonly Task[] {
  return [...committed(history, before, after), ...unnoted(before, after), after];
}

/** An end that is written as notified: the end first. */
function unnoted({ state: before }: Task, after: Task): readonly Task[] {
  const { state } = after;
  if (isTerminal(before) || !('notified' in state) || !state.notified) return [];
  return [{ ...after, state: { ...state, notified: false } }];
}

/**
 * A step that is committed with what comes next, such as the end of the task: the commit first. What a commit does is
 * written down here once more: the step counts, the attempts begin anew, nothing is reserved, and the chain of the audit
 * trail ends with a tool's outcome.
 */
function committed({ steps: written }: History, before: Task, after: Task): readonly Task[] {
  const index = before.steps.length;
  const isAlone =
    after.state.status === 'running' &&
    after.reservation === null &&
    (after.delegation === undefined || before.delegation !== undefined);
  if (after.steps.length !== index + 1 || isAlone || before.state.status !== 'running') return [];
  const step = written.get(`${index}/${after.steps[index]}`);
  const { audit, lastStep: _, delegation: _begun, ...rest } = after;
  const announced = audit?.announced;
  const head = announced === undefined ? audit : { hash: announced.previous };
  const own = step?.kind === 'tool' ? head : before.audit;
  return [
    {
      ...rest,
      ...(own !== undefined && { audit: own }),
      ...(before.delegation !== undefined && { delegation: before.delegation }),
      attempts: 0,
      // Nothing is lost by a commit.
      spend: { ...after.spend, lost: before.spend.lost },
      reservation: null,
      slot: undefined,
      state: before.state,
    },
  ];
}

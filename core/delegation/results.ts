import type { Amount } from '../budgets/day-budget.ts';
import { roundUsd } from '../models/price.ts';
import { treeCostOf } from '../tasks/cost.ts';
import type { Child, Delegation } from '../tasks/delegation.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { utf8Length } from '../text/utf8-length.ts';

/** How a delegated task ended, as the parent reads it. */
export interface DelegatedResult {
  readonly to: string;
  /** Absent if the task was not started. */
  readonly task?: string;
  /** `unfinished`: the parent went on before the task had ended, or could not pay for it. */
  readonly state: 'succeeded' | 'failed' | 'cancelled' | 'escalated' | 'unfinished';
  readonly output?: unknown;
  readonly reason?: string;
}

/**
 * Bytes of JSON that outputs and reasons may take. The results are one step, whose item holds 390 KiB. The names of 500
 * tasks and the words for what is left out fit beside them, even if nothing can be compressed.
 */
const MAX_RESULTS = 250_000;
/** Characters of a reason that the parent reads. */
const MAX_REASON = 1_000;

/** The results of all children, in the order of the request. Outputs and reasons that do not fit are left out, and say so. */
export function resultsOf(
  { children, later = [] }: Pick<Delegation, 'children' | 'later'>,
  tasks: ReadonlyMap<string, Task>,
): DelegatedResult[] {
  let room = MAX_RESULTS;
  const all = [
    ...children.map((child) => ({ index: child.index, ended: resultOf(child, tasks.get(child.id)) })),
    ...later.map(({ to, index }) => ({ index, ended: { to, state: 'unfinished' as const, reason: NOT_STARTED } })),
  ];
  return all
    .toSorted((a, b) => a.index - b.index)
    .map(({ ended }) => {
      const { output, reason, ...result }: DelegatedResult = ended;
      const why = reason === undefined ? {} : { reason: shortened(reason) };
      const size = utf8Length(JSON.stringify({ output, ...why }));
      if (size <= room) {
        room -= size;
        return { ...result, ...(output !== undefined && { output }), ...why };
      }
      const what = output === undefined ? 'reason' : 'output';
      return { ...result, reason: `The ${what} of ${size} bytes is left out: the results together are too long.` };
    });
}

const NOT_STARTED = 'The task was not started: the budget of its parent does not pay for one call of it.';

const shortened = (reason: string): string =>
  reason.length <= MAX_REASON ? reason : `${reason.slice(0, MAX_REASON)}…`;

function resultOf({ to, id }: Child, task: Task | undefined): DelegatedResult {
  const of = { to, task: id };
  const state = task?.state;
  switch (state?.status) {
    case 'succeeded':
      return { ...of, state: 'succeeded', output: state.output };
    case 'failed':
      return { ...of, state: 'failed', reason: state.failure.reason };
    case 'cancelled':
      return { ...of, state: 'cancelled', reason: 'The task was cancelled before it ended.' };
    case 'escalated':
      return {
        ...of,
        state: 'escalated',
        ...(state.output !== undefined && { output: state.output }),
        reason: state.reason,
      };
    case 'queued':
    case 'running':
    case 'parked':
    case undefined:
      return { ...of, state: 'unfinished', reason: 'The task had not ended when its parent went on.' };
  }
}

/** What the children cost, with everything below them. One that has not ended may still spend its whole budget (I16). */
export function spentBelow(children: readonly Child[], tasks: ReadonlyMap<string, Task>): Amount {
  const amounts = children.map(({ id, budget }) => {
    const task = tasks.get(id);
    return task && isTerminal(task.state) ? treeCostOf(task) : budget;
  });
  const usd = amounts.reduce((sum, amount) => sum + amount.usd, 0);
  return { usd: roundUsd(usd), tokens: amounts.reduce((sum, { tokens }) => sum + tokens, 0) };
}

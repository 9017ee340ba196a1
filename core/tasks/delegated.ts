import type { Amount } from '../budgets/day-budget.ts';
import { roundUsd } from '../models/price.ts';
import { held, leased } from './claim.ts';
import type { Delegation } from './delegation.ts';
import type { ToolStep } from './step.ts';
import { taskIdSchema } from './task-id.ts';
import type { Task } from './task.ts';
import { advance, refused, type Decision } from './transition.ts';

/** Begins a delegate step: its children's budgets are reserved in the same write, before the first child exists (I4). */
export function beginDelegation(task: Task, epoch: number, delegation: Delegation, now: number): Decision {
  return held(task, epoch, (mine) => {
    if (mine.delegation || delegation.step !== mine.steps.length) return refused(mine, 'unchanged');
    const made = delegation.children.map(({ id }) => taskIdSchema.parse(id));
    const children = [...(mine.children ?? []), ...made];
    return advance(mine, { delegation, children, state: renewed(mine, now) });
  });
}

/** Goes on with a delegate step whose children have ended: reserves the budgets of the next ones, before they exist (I4). */
export function extendDelegation(task: Task, epoch: number, delegation: Delegation, now: number): Decision {
  return held(task, epoch, (mine) => {
    if (mine.delegation?.step !== delegation.step) return refused(mine, 'unchanged');
    const known = new Set<string>(mine.children);
    const made = delegation.children.filter(({ id }) => !known.has(id)).map(({ id }) => taskIdSchema.parse(id));
    if (made.length === 0) return refused(mine, 'unchanged');
    return advance(mine, { delegation, children: [...(mine.children ?? []), ...made], state: renewed(mine, now) });
  });
}

/**
 * Commits the result of a delegate step, and replaces what was reserved for its children with what they cost.
 * @param spent by the children, with everything below them
 */
export function commitDelegation(task: Task, epoch: number, step: ToolStep, spent: Amount, now: number): Decision {
  return held(task, epoch, (mine) => {
    if (step.index !== mine.steps.length) return refused(mine, 'unchanged');
    const before = mine.spend.delegated ?? { tokens: 0, usd: 0 };
    const delegated = {
      ...before,
      tokens: before.tokens + spent.tokens,
      usd: roundUsd(before.usd + spent.usd),
    };
    return advance(mine, {
      steps: [...mine.steps, step.epoch],
      attempts: 0,
      delegation: undefined,
      spend: { ...mine.spend, delegated },
      state: renewed(mine, now),
    });
  });
}

const renewed = ({ state }: Task, now: number): Task['state'] =>
  state.status === 'running' ? leased(state, now) : state;

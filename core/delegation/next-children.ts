import type { Delegate, DelegationRequest } from '../agents/delegates.ts';
import { remaining } from '../budgets/budget.ts';
import type { Catalogue } from '../models/catalogue.ts';
import type { Ids } from '../ports/ids.ts';
import { treeCostOf } from '../tasks/cost.ts';
import { reservedFor, type Child, type Delegation, type Later } from '../tasks/delegation.ts';
import { childTaskId } from '../tasks/task-id.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { oneCall } from './one-call.ts';
import { shares } from './share.ts';

interface Ports {
  readonly catalogue: Catalogue;
  readonly ids: Ids;
}

/** The children of a delegation, those that begin now among them, and the tasks that begin later. */
interface Children {
  readonly children: Child[];
  readonly later: Later[];
}

/**
 * The tasks of a request that begin first: those for which the budget is enough. Null when it is enough for none.
 * @param delegates the agent of each task of the request
 */
export const firstChildren = (
  ports: Ports,
  task: Task,
  { tasks }: DelegationRequest,
  delegates: readonly Delegate[],
): Children | null => {
  const later = tasks.map(({ to }, index) => ({ to, index }));
  return begun(ports, task, { step: task.steps.length, children: [], later }, tasks, delegates);
};

/**
 * The delegation with those tasks that begin once the children before them have ended, whose budgets become what they
 * spent. Null when none can begin: none is left, enough have succeeded, or there is not enough for any.
 * @param ended the children that have ended, by id
 */
export function laterChildren(
  ports: Ports,
  task: Task,
  delegation: Delegation,
  ended: ReadonlyMap<string, Task>,
  { tasks }: DelegationRequest,
  delegates: readonly Delegate[],
): Delegation | null {
  const children = delegation.children.map((child) => {
    const found = ended.get(child.id);
    return found && isTerminal(found.state) ? { ...child, budget: treeCostOf(found) } : child;
  });
  const { step, later = [] } = delegation;
  const next = begun(ports, task, { step, children, later }, tasks, delegates);
  return next && { ...delegation, ...next };
}

/** Divides what is left among tasks that have not begun. The children before them keep what they spent. */
function begun(
  { catalogue, ids }: Ports,
  task: Task,
  { step, children, later }: Children & Pick<Delegation, 'step'>,
  tasks: DelegationRequest['tasks'],
  delegates: readonly Delegate[],
): Children | null {
  const asked = later.flatMap(({ index }) => {
    const delegate = delegates[index];
    return delegate ? [{ wish: delegate.budget, least: oneCall(catalogue, delegate, tasks[index]?.input) }] : [];
  });
  const budgets = shares(remaining(task.budget, task.spend), asked, reservedFor(children));
  const made = later.flatMap(({ to, index }, at): Child[] => {
    const [budget, delegate] = [budgets[at], delegates[index]];
    if (!budget || !delegate) return [];
    return [{ id: childTaskId(ids, delegate.name, { id: task.id, step, index }), to, index, budget }];
  });
  const rest = later.filter((_, at) => !budgets[at]);
  return made.length === 0 ? null : { children: [...children, ...made], later: rest };
}

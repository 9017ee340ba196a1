import { cancelTask, type CancelPorts } from '../api/tasks/cancel-task.ts';
import { inParallel } from '../concurrency/in-parallel.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { unlessUnreadable } from '../stored/record.ts';
import type { Child, Delegation } from '../tasks/delegation.ts';
import { isTerminal, taskIdSchema, type Task } from '../tasks/task.ts';

/** Children that are read in one go. The last ones usually end last, so one read often tells that some have not ended. */
const PROBE = 25;

/**
 * Whether the parent may go on: all children have ended, enough succeeded, or its time to conclude has come. Decided from
 * the children alone, so nothing that is lost or done twice can change it.
 */
export async function isOver(
  { store, clock }: { readonly store: Pick<TaskStore, 'get'>; readonly clock: Pick<Clock, 'now'> },
  { children, until, enough }: Pick<Delegation, 'children' | 'until' | 'enough'>,
): Promise<boolean> {
  if (clock.now() >= until) return true;
  let ended = 0;
  let succeeded = 0;
  for (let end = children.length; end > 0; end -= PROBE) {
    const probe = children.slice(Math.max(0, end - PROBE), end);
    const tasks = await readChildren(store, probe);
    ended += tasks.filter(({ state }) => isTerminal(state)).length;
    succeeded += tasks.filter(({ state }) => state.status === 'succeeded').length;
    if (enough !== undefined && succeeded >= enough) return true;
    if (enough === undefined && ended < children.length - end + probe.length) return false;
  }
  return ended === children.length;
}

/**
 * Returns those children that exist and that this release can read. They are read one by one, since every function that
 * ends tasks may read a task, and only the API many at once.
 */
export async function readChildren(
  store: Pick<TaskStore, 'get'>,
  children: readonly Pick<Child, 'id'>[],
): Promise<readonly Task[]> {
  const read = ({ id }: Pick<Child, 'id'>) => unlessUnreadable(store.get(taskIdSchema.parse(id)), null);
  return (await inParallel(children, read)).flatMap((task) => task ?? []);
}

/** Cancels the children of an ended task that have not ended. Their workers cancel what lies below them. */
export async function cancelChildren(ports: CancelPorts, { state, delegation }: Task): Promise<void> {
  if (isTerminal(state) && delegation) await cancelUnfinished(ports, delegation.children);
}

/** Cancels those children that have not ended. */
export async function cancelUnfinished(ports: CancelPorts, children: readonly Child[]): Promise<void> {
  const tasks = await readChildren(ports.store, children);
  await inParallel(
    tasks.filter(({ state }) => !isTerminal(state)),
    (child) => cancelTask(ports, child),
  );
}

import { cancelTask, type CancelPorts } from '../api/tasks/cancel-task.ts';
import { inParallel } from '../concurrency/in-parallel.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { unlessUnreadable } from '../stored/record.ts';
import type { Child, Delegation } from '../tasks/delegation.ts';
import { taskIdSchema } from '../tasks/task-id.ts';
import { isTerminal, type Task } from '../tasks/task.ts';

/**
 * The most children that are read in one go. The last ones usually end last, so the first go reads one: it often tells that
 * some have not ended. Each further one reads twice as many.
 */
const MAX_PROBE = 25;

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
  let end = children.length;
  for (let size = 1; end > 0; size = Math.min(MAX_PROBE, 2 * size)) {
    const probe = children.slice(Math.max(0, end - size), end);
    end -= probe.length;
    const tasks = await readChildren(store, probe);
    ended += tasks.filter(({ state }) => isTerminal(state)).length;
    succeeded += tasks.filter(({ state }) => state.status === 'succeeded').length;
    if (enough !== undefined && succeeded >= enough) return true;
    if (enough === undefined && ended < children.length - end) return false;
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

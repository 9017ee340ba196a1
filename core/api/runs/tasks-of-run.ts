import type { Ids } from '../../ports/ids.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { homeOfTask, taskIdAt, type Homes } from '../../regions/home.ts';
import { oldestTask, taskKeyInRun, type Run } from '../../runs/run.ts';
import { keyedTaskId, type TaskId } from '../../tasks/task-id.ts';
import type { Task } from '../../tasks/task.ts';

export interface RunTasksPorts {
  readonly store: TaskStore;
  readonly ids: Ids;
  /** The regions of a global fleet. @default the fleet has one */
  readonly homes?: Homes | undefined;
}

/** The tasks of a run. Those of a client's run are found by their keys, those of an execution in the listing. */
export function tasksOf(ports: RunTasksPorts, run: Run, onUnreadable?: () => void): Promise<readonly Task[]> {
  return run.execution === undefined ? tasksByKey(ports, run, onUnreadable) : tasksByRun(ports, run, onUnreadable);
}

/** A task has the home of its run, or that of its session. So those that are not found there are looked for elsewhere. */
async function tasksByKey(
  { store, ids, homes }: RunTasksPorts,
  run: Run,
  onUnreadable?: () => void,
): Promise<readonly Task[]> {
  const names = homes?.names ?? [''];
  const own = homeOfTask(run.id, names);
  const found: Task[] = [];
  let missing = Array.from({ length: run.size }, (_, index) => keyedTaskId(ids, run.tenant, taskKeyInRun(run, index)));
  for (const home of [own, ...[...names.keys()].filter((other) => other !== own)]) {
    const known = new Set<TaskId>();
    const idAtHome = (id: TaskId): TaskId => taskIdAt(home, id, names);
    const tasks = await store.getMany(missing.map(idAtHome), (id) => {
      known.add(id);
      onUnreadable?.();
    });
    found.push(...tasks);
    for (const { id } of tasks) known.add(id);
    missing = missing.filter((id) => !known.has(idAtHome(id)));
    if (missing.length === 0) break;
  }
  return found;
}

/** The clocks of workers and of the function that began the run may differ by this much. */
const CLOCKS_DIFFER_MS = 60_000;

/** The tasks of an execution, from the listing, which is eventually consistent. */
async function tasksByRun({ store }: RunTasksPorts, run: Run, onUnreadable?: () => void): Promise<readonly Task[]> {
  const ids: TaskId[] = [];
  const from = oldestTask(run) - CLOCKS_DIFFER_MS;
  for await (const { id } of store.list({ tenant: run.tenant, runId: run.id, from })) ids.push(id);
  // Another run may have taken a task over since its entry was written.
  return (await store.getMany(ids, onUnreadable)).filter(({ runId }) => runId === run.id);
}

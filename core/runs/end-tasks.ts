import { inParallel } from '../concurrency/in-parallel.ts';
import { cancelTask, type CancelPorts } from '../api/tasks/cancel-task.ts';
import { isTerminal } from '../tasks/task.ts';
import { unlessUnreadable } from '../stored/record.ts';

export interface RunTasks {
  readonly runId: string;
  readonly tenant: string;
  /** No task of the run is older, in milliseconds. */
  readonly from: number;
}

/** The clocks of workers and of Step Functions may differ by this much. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Cancels the tasks of a run that have not ended. The list is eventually consistent, so the caller repeats it until
 * nothing is open; a task that it never shows is cancelled when a worker claims it.
 * @returns the number of tasks that were open
 */
export async function cancelTasks(ports: CancelPorts, { runId, tenant, from }: RunTasks): Promise<number> {
  let open = 0;
  await inParallel(ports.store.list({ tenant, runId, from: from - CLOCKS_DIFFER_MS }), async (id) => {
    const task = await unlessUnreadable(ports.store.get(id), null);
    if (!task || isTerminal(task.state)) return;
    open += 1;
    await cancelTask(ports, task);
  });
  return open;
}

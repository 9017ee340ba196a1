import { inParallel } from '../concurrency/in-parallel.ts';
import { whileTime } from '../concurrency/while-time.ts';
import { sendCancelled, type CancelPorts } from '../api/tasks/cancel-task.ts';
import type { RunStore } from '../ports/run-store.ts';
import { apply } from '../tasks/apply.ts';
import { cancel, handOver } from '../tasks/finish.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { refused } from '../tasks/transition.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { heirOf } from './cancelled.ts';

export interface EndTasksPorts extends CancelPorts {
  readonly runs: Pick<RunStore, 'get' | 'mark'>;
}

export interface RunTasks {
  readonly runId: string;
  readonly tenant: string;
  /** No task that the run has created is older, in milliseconds. */
  readonly from: number;
}

/** The clocks of workers and of Step Functions may differ by this much. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Cancels the tasks of a run that have not ended. A task that another run waits for too goes on as that run's. The list
 * is eventually consistent, so the caller repeats it until nothing is open; a task that it never shows is cancelled when
 * a worker claims it.
 * @param hasTime false ends it early; the rest is cancelled by the next call
 * @returns the number of tasks that were open
 */
export async function cancelTasks(
  ports: EndTasksPorts,
  { runId, tenant, from }: RunTasks,
  hasTime: () => boolean,
): Promise<number> {
  let open = 0;
  const run = await unlessUnreadable(ports.runs.get(tenant, runId), null);
  const oldest = Math.min(from, run?.tasksFrom ?? from);
  const listed = ports.store.list({ tenant, runId, from: oldest - CLOCKS_DIFFER_MS });
  await inParallel(whileTime(listed, hasTime), async ({ id }) => {
    const task = await unlessUnreadable(ports.store.get(id), null);
    if (task?.runId !== runId || isTerminal(task.state)) return;
    open += 1;
    await leave(ports, task);
  });
  return open;
}

/** Hands the task over, or cancels it. Decides again when another run joins it meanwhile. */
async function leave(ports: EndTasksPorts, task: Task): Promise<void> {
  let current = task;
  for (;;) {
    const known = current.otherRuns?.length ?? 0;
    const heir = await heirOf(ports.runs, current);
    // First, so that the heir's end finds the task, which may be older than the heir.
    if (heir !== null) await ports.runs.mark(current.tenant, heir, 'tasksFrom', current.createdAt);
    const decision = await apply(ports.store, current, (newest) => {
      if ((newest.otherRuns?.length ?? 0) > known) return refused(newest, 'not-due');
      return heir === null ? cancel(newest, ports.clock.now()) : handOver(newest, heir);
    });
    if (decision.ok || decision.refusal !== 'not-due') return sendCancelled(ports, decision);
    current = decision.task;
  }
}

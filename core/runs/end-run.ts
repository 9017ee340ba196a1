import type { RunStore } from '../ports/run-store.ts';
import { startOf } from '../text/text.ts';
import { cancelTasks, type EndTasksPorts } from './end-tasks.ts';
import type { Run } from './run.ts';

/** How an execution ended. */
export type ExecutionEnd = 'SUCCEEDED' | 'ABORTED' | 'TIMED_OUT' | 'FAILED';

/** An execution of a fan-out or pipeline that has ended. */
export interface EndedRun {
  readonly runId: string;
  /** The run's name: that of its upload, or the one that it was started with. */
  readonly uploadId: string;
  readonly tenant: string;
  /** The ARN of the execution. */
  readonly execution: string;
  /** When it started, in milliseconds. */
  readonly startedAt: number;
  /** When it ended, in milliseconds. A repeated event has the same time. */
  readonly endedAt: number;
  /** When it was redriven last, in milliseconds. Absent: never, or Step Functions does not say. */
  readonly redrivenAt?: number;
  readonly status: ExecutionEnd;
  /** Why a failed execution failed. Absent: Step Functions does not say. */
  readonly because?: BrokeOff;
}

/** Why a run has no report of its own execution. */
export interface BrokeOff {
  readonly error: string;
  readonly cause: string;
}

export interface EndRunPorts extends EndTasksPorts {
  readonly runs: RunStore;
  /**
   * Has the report written. One that exists stays, unless `replaces` is set. Even then one stays that the execution wrote
   * after `redrivenAt`.
   */
  readonly report: (run: EndedRun, brokeOff: BrokeOff, replaces: boolean) => Promise<void>;
  /** Waits for this many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

const HOW: Readonly<Record<Exclude<ExecutionEnd, 'SUCCEEDED'>, BrokeOff>> = {
  ABORTED: { error: 'Run.Cancelled', cause: 'The run was cancelled.' },
  TIMED_OUT: { error: 'Run.TimedOut', cause: 'The run took longer than its limit.' },
  FAILED: { error: 'Run.Failed', cause: 'The execution failed. Its history shows the cause.' },
};

/**
 * - `noted`: the end is recorded.
 * - `foreign`: the name belongs to a run of the API, or to another execution. Nothing was changed.
 * - `out-of-time`: tasks are still open. The report is on its way, and the call is to be repeated.
 */
export type RunEnding = 'noted' | 'foreign' | 'out-of-time';

/**
 * Notes the end of a run. What a stopped execution left behind is ended: the run is marked as cancelled, so that messages
 * still in the queue create no task, its tasks are cancelled, then its report is written. Every step can be repeated.
 *
 * A failed execution may be redriven, so its run is not cancelled: tasks of it go on within their limits, and a redrive
 * joins them.
 * @param hasTime false when only the report can still be written
 */
export async function endRun(ports: EndRunPorts, ended: EndedRun, hasTime: () => boolean): Promise<RunEnding> {
  const { runId, tenant, status } = ended;
  const { run } = await ports.runs.create(asRun(ended));
  if (run.execution !== ended.execution) return 'foreign';
  // A run may be cancelled in the moment its execution ends by itself.
  const stopped = status === 'ABORTED' || status === 'TIMED_OUT' || run.cancelledAt !== undefined;
  if (stopped) await ports.runs.mark(tenant, runId, 'cancelledAt', ports.clock.now());
  const over = stopped ? await cancelAll(ports, ended, hasTime) : true;
  if (status === 'FAILED') await ports.runs.mark(tenant, runId, 'failedAt', ended.endedAt);
  if (over) await ports.runs.mark(tenant, runId, 'endedAt', ended.endedAt);
  if (status !== 'SUCCEEDED')
    await ports.report(
      ended,
      (status === 'FAILED' ? ended.because : undefined) ?? HOW[status],
      wasRedriven(run, ended),
    );
  return over ? 'noted' : 'out-of-time';
}

/** Whether the run had ended before this end. Then its report may be about an earlier attempt. */
function wasRedriven(run: Run, { status, endedAt, redrivenAt }: EndedRun): boolean {
  const failedBefore = run.failedAt !== undefined && status !== 'FAILED';
  return failedBefore || redrivenAt !== undefined || (run.endedAt !== undefined && run.endedAt < endedAt);
}

/** A run of an earlier release is not registered. */
const asRun = ({ runId, tenant, uploadId, startedAt, execution }: EndedRun): Run => ({
  id: runId,
  tenant,
  name: startOf(uploadId, 128),
  createdAt: startedAt,
  size: 1,
  digest: execution,
  execution,
});

/** A cancelled task that is running ends with its worker's next heartbeat. */
const PASS_MS = 500;
/** The listing of tasks lags behind by less than this. */
const QUIET_PASSES = 3;

/** @returns whether nothing is open any more */
async function cancelAll(ports: EndRunPorts, ended: EndedRun, hasTime: () => boolean): Promise<boolean> {
  const tasks = { runId: ended.runId, tenant: ended.tenant, from: ended.startedAt };
  for (let quiet = 0; quiet < QUIET_PASSES;) {
    if (!hasTime()) return false;
    const open = await cancelTasks(ports, tasks, hasTime);
    quiet = open === 0 ? quiet + 1 : 0;
    await ports.pause(PASS_MS);
  }
  return true;
}

import type { RunStore } from '../ports/run-store.ts';
import { unlessUnreadable } from '../stored/record.ts';
import type { Task } from '../tasks/task.ts';
import { hasEnded } from './run.ts';

/**
 * Whether a run was cancelled: then no task of it starts, except one that a person retried since, or that another run
 * waits for. Without a store, no run can be cancelled.
 */
export async function isRunCancelled(
  runs: Pick<RunStore, 'get'> | undefined,
  {
    tenant,
    runId,
    retryOf,
    otherRuns,
  }: Pick<Task, 'tenant' | 'otherRuns'> & {
    readonly runId?: string | undefined;
    readonly retryOf?: string | undefined;
  },
): Promise<boolean> {
  if (runs === undefined || runId === undefined || retryOf !== undefined) return false;
  const run = await unlessUnreadable(runs.get(tenant, runId), null);
  if (run?.cancelledAt === undefined) return false;
  return (await heirOf(runs, { tenant, otherRuns })) === null;
}

/**
 * A run that still waits for the task of a run that was cancelled. A run that is not registered counts as waiting: it is
 * of an earlier release.
 */
export async function heirOf(
  runs: Pick<RunStore, 'get'>,
  { tenant, otherRuns = [] }: Pick<Task, 'tenant' | 'otherRuns'>,
): Promise<string | null> {
  for (const id of otherRuns) {
    const run = await unlessUnreadable(runs.get(tenant, id), null);
    if (run === null || (run.cancelledAt === undefined && !hasEnded(run))) return id;
  }
  return null;
}

/**
 * Whether a document that an execution sends still belongs to its run: not after the run was cancelled. A document that
 * was sent after the execution's end shows that it was redriven, which is noted, so that it may be an heir again.
 * @param sentAt when the message was sent, in milliseconds
 */
export async function mayJoin(
  runs: Pick<RunStore, 'get' | 'mark'> | undefined,
  {
    tenant,
    runId,
    sentAt = 0,
  }: { readonly tenant: string; readonly runId: string; readonly sentAt?: number | undefined },
): Promise<boolean> {
  const run = runs && (await unlessUnreadable(runs.get(tenant, runId), null));
  if (!run) return true;
  if (run.cancelledAt !== undefined) return false;
  if (hasEnded(run) && sentAt > (run.endedAt ?? 0)) await runs.mark(tenant, runId, 'rejoinedAt', sentAt);
  return true;
}

import type { RunStore } from '../ports/run-store.ts';
import { unlessUnreadable } from '../stored/record.ts';

/** Whether a run was cancelled: then no task of it starts. Without a store, no run can be. */
export async function isRunCancelled(
  runs: Pick<RunStore, 'get'> | undefined,
  { tenant, runId }: { readonly tenant: string; readonly runId?: string | undefined },
): Promise<boolean> {
  if (runs === undefined || runId === undefined) return false;
  const run = await unlessUnreadable(runs.get(tenant, runId), null);
  return run?.cancelledAt !== undefined;
}

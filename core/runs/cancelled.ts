import type { RunStore } from '../ports/run-store.ts';
import { unlessUnreadable } from '../stored/record.ts';

/**
 * Whether a run was cancelled: then no task of it starts, except one that a person retried since. Without a store, no run
 * can be cancelled.
 */
export async function isRunCancelled(
  runs: Pick<RunStore, 'get'> | undefined,
  {
    tenant,
    runId,
    retryOf,
  }: { readonly tenant: string; readonly runId?: string | undefined; readonly retryOf?: string | undefined },
): Promise<boolean> {
  if (runs === undefined || runId === undefined || retryOf !== undefined) return false;
  const run = await unlessUnreadable(runs.get(tenant, runId), null);
  return run?.cancelledAt !== undefined;
}

import type { BulkFilterMessage } from '#core/api/bulk/messages.ts';
import type { FilterValues } from './filter.ts';

/** A task of the list, as much of it as decides which actions apply to it. */
interface Selected {
  readonly id: string;
  readonly status: string;
}

const OPEN: ReadonlySet<string> = new Set(['queued', 'running', 'parked']);

/**
 * What a bulk action acts on: the selected tasks it applies to, else all that the filter of the list matches. Null if it
 * cannot apply: to no filter at all, to a filter that it does not have, or to tasks of another status.
 */
export function bulkFilterOf(
  action: 'cancel' | 'retry',
  selected: readonly Selected[],
  { agent, status, runId, from, to, sessionId, parent }: FilterValues,
): BulkFilterMessage | null {
  if (selected.length > 0) {
    const tasks = selected.filter((task) => fits(action, task)).map(({ id }) => id);
    return tasks.length === 0 ? null : { tasks };
  }
  const given = [agent, status, runId, from, to].some((value) => value !== undefined);
  if (!given || sessionId !== undefined || parent !== undefined || !isStatusOf(action, status)) return null;
  return {
    ...(agent !== undefined && { agent }),
    ...(status !== undefined && { status: status as NonNullable<BulkFilterMessage['status']> }),
    ...(runId !== undefined && { runId }),
    ...(from !== undefined && { since: from }),
    ...(to !== undefined && { until: to }),
  };
}

const fits = (action: string, { status }: Selected): boolean =>
  action === 'cancel' ? OPEN.has(status) : status === 'failed' || status === 'cancelled';

const isStatusOf = (action: string, status: string | undefined): boolean =>
  status === undefined || fits(action, { id: '', status });

import type { BulkAction, BulkItem } from '../../bulk/action.ts';
import type { Chosen } from '../../bulk/select.ts';
import type { BulkAnswer, BulkDetail, BulkView } from './messages.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Tasks that an answer shows. */
const SAMPLE = 10;

export const linksOf = ({ id }: Pick<BulkAction, 'id'>): BulkView['links'] => {
  const self = `/bulk-actions/${encodeURIComponent(id)}`;
  return { self, cancel: `${self}/cancel` };
};

export const sampleOf = (tasks: readonly Chosen[]): Pick<BulkAnswer, 'sample' | 'agents'> => ({
  agents: Object.fromEntries(
    [...Map.groupBy(tasks, ({ agent }) => agent)].map(([agent, those]) => [agent, those.length]),
  ),
  sample: tasks
    .slice(0, SAMPLE)
    .map(({ id, agent, status, createdAt, usd }) => ({ id, agent, status, createdAt: iso(createdAt), usd })),
});

/** Returns a bulk action as the API shows it. */
export function bulkView(action: BulkAction, now: number): BulkView {
  const { id, kind, filter, caller, count, spentUsd, usd, maxUsd, done, skipped, failed, endedAt } = action;
  const waiting = count - done - skipped - failed;
  const stopped = action.cancelledAt !== undefined && endedAt !== undefined && waiting > 0;
  return {
    id,
    action: kind,
    filter,
    status: endedAt === undefined ? 'running' : stopped ? 'cancelled' : 'ended',
    by: caller.keyId,
    createdAt: iso(action.createdAt),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    count,
    spentUsd,
    usd,
    maxUsd,
    done,
    skipped,
    failed,
    waiting,
    asOf: iso(now),
    links: linksOf(action),
  };
}

export const itemView = ({ task, outcome, retriedAs, reason }: BulkItem): BulkDetail['items'][number] => ({
  task,
  ...(outcome !== undefined && { outcome }),
  ...(retriedAs !== undefined && { retriedAs }),
  ...(reason !== undefined && { reason }),
});

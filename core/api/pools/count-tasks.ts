import type { TaskStore } from '../../ports/task-store.ts';
import { causeOf } from '../../tasks/park-cause.ts';
import { readUnfinished } from '../../tasks/read-unfinished.ts';
import type { PoolView } from './messages.ts';

/** Counts a pool's tasks that have not ended: running, in the queue, and waiting by their cause. Exact up to 1,000. */
export async function countTasks(store: TaskStore, agent: string): Promise<NonNullable<PoolView['tasks']>> {
  const counts = { running: 0, queued: 0, parked: {} as Record<string, number> };
  const complete = await readUnfinished(store, agent, ({ state }) => {
    if (state.status === 'running' || state.status === 'queued') counts[state.status] += 1;
    if (state.status !== 'parked') return;
    const cause = causeOf(state);
    counts.parked[cause] = (counts.parked[cause] ?? 0) + 1;
  });
  return { ...counts, complete };
}

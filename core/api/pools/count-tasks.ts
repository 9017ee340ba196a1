import type { TaskStore } from '../../ports/task-store.ts';
import { causeOf } from '../../tasks/park-cause.ts';
import type { TaskId } from '../../tasks/task.ts';
import type { PoolView } from './messages.ts';

/** Tasks of a pool that are read for one count. Their number is exact up to here. */
const MAX_READ = 1_000;

/** Counts a pool's tasks that have not ended: running, in the queue, and waiting by their cause. */
export async function countTasks(store: TaskStore, agent: string): Promise<NonNullable<PoolView['tasks']>> {
  const ids: TaskId[] = [];
  let complete = true;
  for await (const id of store.unfinished(agent)) {
    complete = ids.length < MAX_READ;
    if (!complete) break;
    ids.push(id);
  }
  const counts = { running: 0, queued: 0, parked: {} as Record<string, number>, complete };
  for (const { state } of await store.getMany(ids)) {
    if (state.status === 'running' || state.status === 'queued') counts[state.status] += 1;
    if (state.status !== 'parked') continue;
    const cause = causeOf(state);
    counts.parked[cause] = (counts.parked[cause] ?? 0) + 1;
  }
  return counts;
}

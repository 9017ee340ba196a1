import type { BatchStore } from '../ports/batch-store.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { apply } from '../tasks/apply.ts';
import { leaveBatch } from '../tasks/batched.ts';
import type { Task } from '../tasks/task.ts';
import type { Clock } from '../ports/clock.ts';

interface LostPorts {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly batches: Pick<BatchStore, 'get'>;
}

/**
 * Lets a task wait for another batch whose own does not hold it any more: its collector was slower than the one that
 * gave the batch up. Of a batch that nobody knows it stays charged, since it may have been made. What its day's budgets
 * hold is not given back: too much is the safe side.
 */
export async function leaveLostBatch({ store, clock, batches }: LostPorts, task: Task): Promise<void> {
  const id = task.batch?.id;
  if (id === undefined) return;
  const batch = await batches.get(id);
  const isThere = batch?.entries.some(({ taskId }) => taskId === task.id) ?? false;
  if (batch && isThere && batch.state.status !== 'over') return;
  const wasMade = batch?.state.status === 'over' && batch.state.providerId !== undefined;
  const billed = batch === null || (isThere && wasMade);
  await apply(store, task, (current) => leaveBatch(current, id, { until: clock.now(), billed }));
}

import type { Amount } from '../budgets/day-budget.ts';
import type { BatchStore } from '../ports/batch-store.ts';
import { settleHeld } from '../spending/day-holds.ts';
import type { SettleHeldPorts } from '../spending/ports.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { apply } from '../tasks/apply.ts';
import { leaveBatch, type Return } from '../tasks/batched.ts';
import type { TaskId } from '../tasks/task-id.ts';
import type { Task } from '../tasks/task.ts';
import type { Decision } from '../tasks/transition.ts';
import { moveBatch, type Batch } from './batch.ts';
import type { ReturnPorts } from './ports.ts';

/**
 * Gives up a batch that was surely not made: its tasks wait for another one, and nothing is charged. The first write
 * keeps whoever gathered it from making it after all.
 */
export async function undo(ports: ReturnPorts & { readonly batches: BatchStore }, batch: Batch): Promise<void> {
  const { batches, clock } = ports;
  const undoing = batch.state.status === 'undoing' ? batch : moveBatch(batch, { state: { status: 'undoing' } });
  if (undoing !== batch && (await batches.replace(undoing)) === 'conflict') return;
  await giveAllBack(ports, undoing);
  // In conflict somebody else has done the same.
  await batches.replace(moveBatch(undoing, { state: { status: 'over', at: clock.now() } }));
}

/** Lets all tasks of a batch that was surely not made wait for another. */
export async function giveAllBack(ports: ReturnPorts, { id, entries }: Batch): Promise<void> {
  for (const { taskId } of entries) await giveBack(ports, taskId, id, { until: ports.clock.now(), billed: false });
}

/** Lets one task of a batch wait for another. */
export async function giveBack(ports: ReturnPorts, id: TaskId, batch: string, how: Return): Promise<Task | null> {
  const task = await unlessUnreadable(ports.store.get(id), null);
  if (!task) return null;
  const decision = await apply(ports.store, task, (current) => leaveBatch(current, batch, how));
  if (decision.ok && !how.billed) await release(ports, task, decision.task);
  return decision.task;
}

/** Releases the day budgets' share of a call that was not billed. */
export const release = (ports: SettleHeldPorts, task: Task, after: Task): Promise<void> =>
  settleDay(ports, task, after, { usd: 0, tokens: 0 });

/**
 * Settles the day budgets' share of a call; after the task's own, so that a crash between counts too much. Each region
 * has counters of its own: where the task's home was taken over meanwhile, the one that reserved the call settles or not,
 * and nobody else does (I4).
 * @param task as it lay in its batch
 * @param after as it was written when it left the batch
 */
export async function settleDay(
  ports: SettleHeldPorts,
  { batch, reservation }: Task,
  after: Task,
  cost: Amount,
): Promise<void> {
  if (batch && reservation?.epoch === after.epoch) await settleHeld(ports, batch.held, reservation, cost);
}

/** Writes a transition of a task; whether this writer was the one who made it. */
export async function applied(
  ports: Pick<ReturnPorts, 'store'>,
  task: Task,
  rule: (task: Task) => Decision,
): Promise<Task | null> {
  const decision = await apply(ports.store, task, rule);
  return decision.ok ? decision.task : null;
}

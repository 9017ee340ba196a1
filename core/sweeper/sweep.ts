import { notifyWaiters } from '../ending/notify.ts';
import { unlessUnreadable, UnreadableRecord } from '../stored/record.ts';
import { apply } from '../tasks/apply.ts';
import { expire } from '../tasks/finish.ts';
import { requeue } from '../tasks/progress.ts';
import { isFreed } from '../tasks/park-cause.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { attentionAt, isTerminal } from '../tasks/task.ts';
import { wakeForPool } from './wake-for-pool.ts';
import { openDoors, stillWaits, type Doors, type WaitPorts } from './still-waits.ts';

export interface SweepCounts {
  /** Messages sent again. */
  readonly resent: number;
  /** Tasks ended because their deadline had passed. */
  readonly expired: number;
  /** Ended tasks whose waiters were notified late. */
  readonly notified: number;
}

type Swept = keyof SweepCounts | null;

/**
 * Requeues tasks that were missed: accepted but never sent, parked but never woken, a lease that ran out with no message
 * left, an end whose waiters were not notified. Idempotent: two sweepers at once do no harm. A task that cannot be swept
 * holds up no other; its error is thrown after all others are done, in an `AggregateError`.
 * @param timeLeft whether there is time for another task; the rest waits for the next minute
 * @param agent whose tasks return gradually once its pool resumes @default they wait for their next check
 */
export async function sweep(ports: WaitPorts, timeLeft: () => boolean, agent?: string): Promise<SweepCounts> {
  const counts = { resent: 0, expired: 0, notified: 0 };
  const failures: unknown[] = [];
  const doors = openDoors(ports);
  for await (const id of ports.store.overdue(ports.clock.now())) {
    if (!timeLeft()) break;
    try {
      const swept = await sweepTask(ports, id, doors);
      if (swept) counts[swept] += 1;
    } catch (error) {
      // What this release cannot read is reported by the store, and swept by a release that can.
      if (!(error instanceof UnreadableRecord)) failures.push(error);
    }
  }
  if (agent !== undefined) counts.resent += await unlessUnreadable(wakeForPool(ports, agent, doors, timeLeft), 0);
  await unlessUnreadable(doors.wakeSteps(), undefined);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} tasks could not be swept.`);
  return counts;
}

async function sweepTask(ports: WaitPorts, id: TaskId, doors: Doors): Promise<Swept> {
  const now = ports.clock.now();
  const task = await ports.store.get(id);
  if (!task) return null;
  if (isTerminal(task.state)) return (await notifyWaiters(ports, task)) ? 'notified' : null;
  if (task.deadline <= now) {
    const decision = await apply(ports.store, task, (current) => expire(current, now));
    if (!decision.ok) return null;
    await notifyWaiters(ports, decision.task);
    return 'expired';
  }
  // Somebody was there first, be it this sweep, since it was found.
  if ((attentionAt(task) ?? Infinity) > now) return null;
  if (task.state.status === 'parked' && isFreed(task.state) && (await stillWaits(ports, task, doors))) return null;
  // First the message, then the note that it was sent: the other way round a crash in between would lose it anew.
  await ports.queue.send(task);
  await apply(ports.store, task, (current) => requeue(current, now));
  return 'resent';
}

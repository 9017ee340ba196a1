import { inParallel } from '../concurrency/in-parallel.ts';
import { whileTime } from '../concurrency/while-time.ts';
import type { CallbackQueue } from '../ports/callback-queue.ts';
import type { CallbackStore } from '../ports/callback-store.ts';
import type { Clock } from '../ports/clock.ts';
import { unlessUnreadable } from '../stored/record.ts';
import type { TaskId } from '../tasks/task.ts';

export interface WakePorts {
  readonly store: CallbackStore;
  readonly queue: CallbackQueue;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Sends the parked callbacks that are due, then removes them: a crash in between sends one twice, and loses none. Returns
 * how many were sent.
 * @param hasTime false ends it early; the rest is sent by the next call
 */
export async function wakeCallbacks(ports: WakePorts, hasTime: () => boolean): Promise<number> {
  const sent = await inParallel(whileTime(ports.store.due(ports.clock.now()), hasTime), (id) => wake(ports, id));
  return sent.filter(Boolean).length;
}

async function wake({ store, queue, clock }: WakePorts, id: TaskId): Promise<boolean> {
  const parked = await unlessUnreadable(store.get(id), null);
  const now = clock.now();
  // The index may lag: it was sent before, or parked again.
  if (!parked || parked.dueAt > now) return false;
  const { callback, attempts } = parked;
  await queue.send(attempts === 0 ? callback : { ...callback, earlier: { attempts, sentAt: now } });
  await store.remove(parked);
  return true;
}

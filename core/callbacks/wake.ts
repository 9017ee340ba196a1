import { inParallel } from '../concurrency/in-parallel.ts';
import { whileTime } from '../concurrency/while-time.ts';
import type { CallbackQueue } from '../ports/callback-queue.ts';
import type { CallbackStore, DueCallback, ParkedCallback } from '../ports/callback-store.ts';
import type { Clock } from '../ports/clock.ts';
import { unlessUnreadable } from '../stored/record.ts';
import type { CallbackMessage } from './event.ts';
import { inTurn } from './in-turn.ts';

export interface WakePorts {
  readonly store: Pick<CallbackStore, 'due' | 'get' | 'remove'>;
  readonly queue: CallbackQueue;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Sends the parked callbacks that are due, the tenants in turn, then removes them: a crash in between sends one twice, and
 * loses none. Returns how many were sent.
 * @param hasTime false ends it early; the rest is sent by the next call
 */
export function wakeCallbacks(ports: WakePorts, hasTime: () => boolean): Promise<number> {
  return wakeAll(ports, () => ports.clock.now(), hasTime);
}

/** Sends every parked callback now, also those that are not due: before a rollback to a release that wakes none. */
export function wakeEveryCallback(ports: WakePorts): Promise<number> {
  return wakeAll(
    ports,
    () => Number.MAX_SAFE_INTEGER,
    () => true,
  );
}

async function wakeAll(ports: WakePorts, until: () => number, hasTime: () => boolean): Promise<number> {
  const due = await inTurn(whileTime(ports.store.due(until()), hasTime));
  const sent = await inParallel(whileTime(due, hasTime), (each) => wake(ports, each, until));
  return sent.filter(Boolean).length;
}

async function wake({ store, queue, clock }: WakePorts, due: DueCallback, until: () => number): Promise<boolean> {
  const parked = await unlessUnreadable(store.get(due), null);
  // The index may lag: it was sent before, or parked again.
  if (!parked || parked.dueAt > until()) return false;
  await queue.send(messageOf(parked, clock.now()));
  await store.remove(parked);
  return true;
}

function messageOf({ callback, attempts, leftAlone }: ParkedCallback, sentAt: number): CallbackMessage {
  if (attempts === 0 && leftAlone === undefined) return callback;
  return { ...callback, earlier: { attempts, ...(leftAlone !== undefined && { leftAlone }), sentAt } };
}

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
 * @param remainingMs milliseconds that are left for the work; what they do not suffice for is sent by the next call
 */
export function wakeCallbacks(ports: WakePorts, remainingMs: () => number): Promise<number> {
  return wakeAll(ports, () => ports.clock.now(), remainingMs);
}

/** Sends every parked callback now, also those that are not due: before a rollback to a release that wakes none. */
export function wakeEveryCallback(ports: WakePorts): Promise<number> {
  return wakeAll(
    ports,
    () => Number.MAX_SAFE_INTEGER,
    () => Number.MAX_SAFE_INTEGER,
  );
}

async function wakeAll(ports: WakePorts, until: () => number, remainingMs: () => number): Promise<number> {
  // Half of the time is for sending: a long list read to its end would leave no time to send any of it.
  const readUntil = remainingMs() / 2;
  const due = await inTurn(whileTime(ports.store.due(until()), () => remainingMs() > readUntil));
  const sent = await inParallel(
    whileTime(due, () => remainingMs() > 0),
    (each) => wake(ports, each, until),
  );
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

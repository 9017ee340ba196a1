import { inParallel } from '../concurrency/in-parallel.ts';
import { whileTime } from '../concurrency/while-time.ts';
import type { CallbackStore } from '../ports/callback-store.ts';
import type { Clock } from '../ports/clock.ts';
import { unlessUnreadable } from '../stored/record.ts';

export interface OldestWaitPorts {
  readonly store: Pick<CallbackStore, 'due' | 'get'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Parked callbacks that are read for one measurement. */
const MAX_READ = 500;

/**
 * Milliseconds since the end of the task whose callback has waited longest in the table, over all its attempts. Undefined
 * when none waits. Callbacks are parked by the time of their next attempt, which says nothing about their age. So of more
 * than 500, those are compared that are due next, and any other once its next attempt is near: within six hours.
 * @param hasTime whether to read further ones
 */
export async function oldestWaitMs(
  { store, clock }: OldestWaitPorts,
  hasTime: () => boolean = () => true,
): Promise<number | undefined> {
  const due = whileTime(store.due(Number.MAX_SAFE_INTEGER), hasTime);
  const parked = await inParallel(atMost(due, MAX_READ), (each) => unlessUnreadable(store.get(each), null));
  const ended = parked.flatMap((each) => (each === null ? [] : Date.parse(each.callback.event.timestamp)));
  return ended.length === 0 ? undefined : Math.max(0, clock.now() - Math.min(...ended));
}

async function* atMost<Item>(items: AsyncIterable<Item>, most: number): AsyncGenerator<Item> {
  let read = 0;
  for await (const item of items) {
    yield item;
    if (++read === most) return;
  }
}

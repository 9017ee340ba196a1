import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#core/ports/clock.ts';
import type { Fetcher } from '#core/ports/fetcher.ts';

/** A turn ends in good time before the worker's time does. What it fetched is kept, and the next turn goes on. */
const TURN_MS = 60_000;
/** Before the task's deadline, for the writes that keep what was collected. */
const RESERVE_MS = 15_000;

/**
 * Asks for no page after the turn is over, and gives up one that is under way shortly before the task's deadline. Both are
 * answered by `later`, so that whoever collects has what there is.
 * @param deadline when the task ends unless it has an answer, in milliseconds since the epoch
 */
export function withinTurn(fetcher: Fetcher, clock: Pick<Clock, 'now'>, deadline: number): Fetcher {
  const last = deadline - RESERVE_MS;
  const until = Math.min(clock.now() + TURN_MS, last);
  const later = () => ({ kind: 'later', at: clock.now() }) as const;
  return {
    fetch: (request) =>
      clock.now() < until ? before(last - clock.now(), fetcher.fetch(request), later) : Promise.resolve(later()),
    sitemaps: (request) => before(last - clock.now(), fetcher.sitemaps(request), () => []),
  };
}

/** The longest time of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

async function before<T>(ms: number, work: Promise<T>, otherwise: () => T): Promise<T> {
  const timer = new AbortController();
  const timeUp = delay(Math.min(MAX_TIMER_MS, Math.max(0, ms)), undefined, { signal: timer.signal });
  try {
    return await Promise.race([work, timeUp.then(otherwise)]);
  } finally {
    timer.abort();
  }
}

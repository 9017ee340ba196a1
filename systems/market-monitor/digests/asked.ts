import { hourId, hourOf, HOUR_MS, type Period } from './period.ts';

/**
 * A task that an analyst was asked for, of one portfolio and the hour of its events. It is noted when it is submitted: a task
 * that ends without a worker, at its deadline behind an open breaker, leaves no other trace here.
 */
export interface Asked {
  readonly portfolio: string;
  /** Of the newest event, such as `2026-11-27T14`. */
  readonly hour: string;
  readonly task: string;
  /** Time of the newest event, in milliseconds since 1970. */
  readonly eventAt: number;
  /** When its analysis is of no use any more, by the clock. */
  readonly deadline: number;
}

export interface AskedStore {
  /** Notes that a task was asked for, unless it has an outcome. Repeated, it changes nothing more. */
  ask(asked: Asked): Promise<void>;
  /** Notes that a task has an outcome, also before it is noted that it was asked for. */
  answer(asked: Pick<Asked, 'portfolio' | 'hour' | 'task'>): Promise<void>;
  /** Tasks of an hour without an outcome. Strongly consistent. It reads no more than these, however many were asked for. */
  unanswered(portfolio: string, hour: string): Promise<readonly Asked[]>;
}

/** Hours before a period in which tasks that ended since may have been asked for: the longest freshness of an analyst. */
const HOURS_BACK = 6;

/** What became of tasks that have no outcome. */
export interface Unanswered {
  /** They outlived their freshness. */
  readonly expired: number;
  /** They may still have one. */
  readonly waiting: number;
}

/**
 * The tasks that a digest counts beside the analyses that it has: those of its period, and in the digest of an hour those of
 * earlier hours that outlived their freshness since the last one. Each stands in the hour of its newest event.
 * @param now by the clock, also for a day that is played
 * @param last when the digest before this one was made, by the clock. Null: there is none
 */
export async function unansweredIn(
  store: Pick<AskedStore, 'unanswered'>,
  portfolio: string,
  period: Period,
  now: number,
  last: number | null,
): Promise<Unanswered> {
  const back = period.kind === 'hour' && last !== null ? HOURS_BACK : 0;
  const first = hourOf(period.from).from - back * HOUR_MS;
  const hours: string[] = [];
  // One more: signals of a window may be of two hours.
  for (let at = first; at < period.to + HOUR_MS; at += HOUR_MS) hours.push(hourId(at));
  const read = await Promise.all(hours.map((hour) => store.unanswered(portfolio, hour)));
  const newest = [...new Map(read.flat().map((asked) => [asked.task, asked])).values()];
  const own = newest.filter(({ eventAt }) => eventAt >= period.from && eventAt < period.to);
  const earlier = newest.filter(({ eventAt, deadline }) => eventAt < period.from && deadline > (last ?? now));
  const isOver = ({ deadline }: Asked): boolean => deadline <= now;
  const waiting = own.filter((asked) => !isOver(asked)).length;
  return { waiting, expired: own.length - waiting + (back > 0 ? earlier.filter(isOver).length : 0) };
}

import { Choices } from '../random.ts';
import type { MarketSet } from '../sets/types.ts';

/** A crash of the whole market. It trips the circuit breaker of level 1: trading stops for 15 minutes. */
export interface Crash {
  /** The interval in which prices fall. */
  readonly interval: number;
  /** Percent by which an instrument of beta 1 falls. */
  readonly depth: number;
  readonly haltedAt: number;
  readonly resumedAt: number;
}

/** Intervals without trading after the crash. */
export const CRASH_PAUSE = 3;
const INTERVAL_MS = 300_000;
const MAX_BEFORE_END_MS = 40_000;
/** Percent. Deeper, and prices would be beyond 8 % when trading resumes. */
const MAX_DEPTH = 7.2;
const MIN_DEPTH = 2.5;
/** The share of the fall that is left at the end of the first interval after the pause. */
const LEFT = 0.62;
const RECOVERY = 0.85;

/** `after` is the first interval in which it may be. Trading stops within the last bar of the interval. */
export function crashOf(
  key: string,
  set: MarketSet,
  { length, open, after, barMs }: { length: number; open: number; after: number; barMs: number },
): Crash {
  const choices = new Choices(`${key}/crash`);
  const interval = Math.max(Math.floor(length * choices.within(set.crash)), after);
  const haltedAt = open + (interval + 1) * INTERVAL_MS - Math.min(MAX_BEFORE_END_MS, barMs * 0.4);
  return { interval, depth: choices.within(set.crashDepth), haltedAt, resumedAt: haltedAt + CRASH_PAUSE * INTERVAL_MS };
}

/** How many percent lower the price is at the end of an interval, because of the crash. */
export function fallAt({ interval, depth }: Crash, beta: number, at: number): number {
  if (at < interval) return 0;
  const whole = Math.min(MAX_DEPTH, Math.max(MIN_DEPTH, depth * beta));
  const after = at - interval - CRASH_PAUSE;
  return after < 1 ? whole : whole * LEFT * RECOVERY ** (after - 1);
}

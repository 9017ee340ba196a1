import { z } from 'zod';
import type { RateLimits } from '../ports/model.ts';

/** What the provider limits, each by the minute. */
export const LIMITED = ['requests', 'inputTokens', 'outputTokens'] as const;
export type Limited = (typeof LIMITED)[number];

const perLimit = z.object({ requests: z.number(), inputTokens: z.number(), outputTokens: z.number() });

/** What one call takes of each limit. */
export type Need = z.infer<typeof perLimit>;

export const paceSchema = z.object({
  model: z.string().min(1),
  /** Counts writes: each one is conditional on the version it was decided from. */
  version: z.number().int().nonnegative(),
  /** Allowed a minute, as the provider told last; null while it never did. */
  limits: z.object({
    requests: z.number().positive().nullable(),
    inputTokens: z.number().positive().nullable(),
    outputTokens: z.number().positive().nullable(),
  }),
  /** Requests a minute that are tried where the provider throttles and names no limit; null otherwise. */
  guess: z.number().positive().nullable(),
  /** Whether calls need a slot. */
  tight: z.boolean(),
  /** Until when each limit is spoken for by the slots given: behind `now` there is room, ahead of it a queue. */
  taken: perLimit,
  /** The same for calls of high priority alone, which go ahead of the others' queue. */
  takenByHigh: perLimit,
  /** When what was taken was last held against what the provider said. */
  correctedAt: z.number(),
  throttledAt: z.number(),
  /** Before this nobody calls. */
  blockedUntil: z.number(),
});

/**
 * How fast a model may be called, shared by all workers. Times are milliseconds since the epoch.
 *
 * - G1. While there is ample room nobody waits and nothing is written.
 * - G2. When it is tight, the slots that are given keep to each limit's rate: `taken` moves on by what a call needs.
 * - G3. What is given ahead reaches `HORIZON_MS` at most, so that nobody is stuck behind a long queue of slots, and a
 *   wrong estimate is mended within it.
 * - G4. Calls of high priority go ahead of the others, with at most four fifths of the rate.
 * - G5. When the provider throttles, nobody calls before it said so.
 */
export type Pace = z.infer<typeof paceSchema>;

const MINUTE_MS = 60_000;
const NOTHING_TAKEN: Need = { requests: 0, inputTokens: 0, outputTokens: 0 };

export const newPace = (model: string): Pace => ({
  model,
  version: 0,
  limits: { requests: null, inputTokens: null, outputTokens: null },
  guess: null,
  tight: false,
  taken: NOTHING_TAKEN,
  takenByHigh: NOTHING_TAKEN,
  correctedAt: 0,
  throttledAt: 0,
  blockedUntil: 0,
});

/** Below this share of a limit it is tight; above the other there is ample room again. In between it stays as it is. */
const TIGHT_BELOW = 0.5;
const AMPLE_ABOVE = 0.75;
/**
 * The share of a minute's allowance that is kept unused while it is tight. It bears what the plan can't know: slots
 * given to high priority ahead of the queue (G4), calls that come late, tokens that were guessed.
 */
const CUSHION = 0.35;
/** How far ahead slots are given: not more than the cushion bears if high priority comes on top of all of them. */
export const HORIZON_MS = 20_000;
const HIGH_SHARE = 0.8;
/** Every so often the plan is moved by a part of what the provider's word differs from it: slowly, since slots are late. */
const CORRECT_EVERY_MS = 5_000;
const CORRECTION = 0.1;
/** So long after it throttled there is no ample room, whatever the provider says. */
const QUIET_MS = 60_000;

/** The smallest share of a limit that is left; null when the provider named none. */
export function leastShare(limits: RateLimits): number | null {
  const shares = LIMITED.flatMap((name) => {
    const told = limits[name];
    return told ? [told.remaining / told.limit] : [];
  });
  return shares.length === 0 ? null : Math.min(...shares);
}

/** The pace after what the provider said with an answer. */
export function heed(pace: Pace, told: RateLimits, now: number): Pace {
  const share = leastShare(told);
  if (share === null) return pace;
  const limits = { ...pace.limits };
  for (const name of LIMITED) limits[name] = told[name]?.limit ?? limits[name];
  const known = { ...pace, limits, guess: null };
  // Somebody else's word is newer.
  if (now < pace.correctedAt) return known;
  if (pace.tight && share >= AMPLE_ABOVE && now - pace.throttledAt > QUIET_MS && !hasQueue(known, now)) {
    return { ...known, tight: false };
  }
  if (!pace.tight) return share < TIGHT_BELOW ? tightened(known, told, now) : known;
  return now - pace.correctedAt < CORRECT_EVERY_MS ? known : corrected(known, told, now);
}

const hasQueue = ({ taken }: Pace, now: number): boolean => LIMITED.some((name) => taken[name] > now);

/** From now on slots are given: what is left above the cushion goes to who comes first. */
function tightened(pace: Pace, told: RateLimits, now: number): Pace {
  const taken = mapLimits((name) => now - spareMs(told, name));
  return { ...pace, tight: true, taken, takenByHigh: NOTHING_TAKEN, correctedAt: now };
}

/** Moves the plan toward what the provider said, and forgets room that is not there. */
function corrected(pace: Pace, told: RateLimits, now: number): Pace {
  const taken = mapLimits((name) => {
    const spare = spareMs(told, name);
    return Math.max(pace.taken[name] - CORRECTION * spare, now - Math.max(0, spare));
  });
  return { ...pace, taken, correctedAt: now };
}

/** What is left of a limit above the cushion, as the time in which it would fill; below zero where it is short. */
function spareMs(told: RateLimits, name: Limited): number {
  const { remaining, limit } = told[name] ?? { remaining: 1, limit: 1 };
  return (remaining / limit - CUSHION) * MINUTE_MS;
}

/** The pace after the provider throttled a call (G5). */
export function throttle(pace: Pace, told: RateLimits, retryAfterMs: number | undefined, now: number): Pace {
  const limits = { ...pace.limits };
  for (const name of LIMITED) limits[name] = told[name]?.limit ?? limits[name];
  const blockedUntil = Math.max(pace.blockedUntil, now + (retryAfterMs ?? untoldWait(pace, now)));
  // Calls that were under way together are throttled together: one step back is enough for all.
  const again = now - pace.throttledAt < STEP_MS;
  return {
    ...pace,
    limits,
    guess: LIMITED.some((name) => limits[name] !== null) ? null : stepBack(pace.guess, again),
    tight: true,
    taken: mapLimits((name) => Math.max(pace.taken[name], blockedUntil)),
    throttledAt: now,
    blockedUntil,
  };
}

/** Where it does not say for how long: twice as long each time that waiting did not help. */
const MIN_WAIT_MS = 2_000;
const MAX_WAIT_MS = 60_000;

function untoldWait({ blockedUntil, throttledAt }: Pace, now: number): number {
  if (now < blockedUntil) return 0;
  const inVain = now - blockedUntil < STEP_MS;
  return inVain ? Math.min(MAX_WAIT_MS, 2 * Math.max(MIN_WAIT_MS, blockedUntil - throttledAt)) : MIN_WAIT_MS;
}

/** Where no limit is known: half as fast after a throttle, half as fast again after each ten seconds without. */
const FIRST_GUESS = 60;
const SLOWEST_GUESS = 6;
const AMPLE_GUESS = 6_000;
const STEP_MS = 10_000;

const stepBack = (guess: number | null, again: boolean): number =>
  guess === null ? FIRST_GUESS : again ? guess : Math.max(SLOWEST_GUESS, guess / 2);

function grown(pace: Pace, now: number): Pace {
  if (pace.guess === null || now - Math.max(pace.throttledAt, pace.correctedAt, pace.blockedUntil) < STEP_MS)
    return pace;
  const guess = pace.guess * 1.5;
  if (guess > AMPLE_GUESS) return { ...pace, guess: null, tight: false };
  return { ...pace, guess, correctedAt: now };
}

export type Slot = { readonly given: true; readonly at: number; readonly pace: Pace } | { readonly given: false };

/** A call as it asks for its time. */
export interface Ask {
  readonly need: Need;
  readonly high: boolean;
  /** How far ahead it may be given a slot, in milliseconds: the horizon at most. */
  readonly reachMs: number;
}

/** Gives a call its time (G2), unless that lies beyond its reach (G3). */
export function takeSlot(before: Pace, { need, high, reachMs }: Ask, now: number): Slot {
  const pace = grown(before, now);
  const lane = high ? pace.takenByHigh : pace.taken;
  const limited = LIMITED.filter((name) => rateOf(pace, name) !== null);
  // The others' queue is passed by, but where there is no queue their room is used.
  const from = limited.map((name) => Math.min(lane[name], pace.taken[name]));
  const at = Math.round(Math.max(now, pace.blockedUntil, ...from));
  if (at - now > reachMs) return { given: false };
  const taken = mapLimits((name) => movedOn(pace, name, need, { from: pace.taken[name], least: now - MAX_CREDIT_MS }));
  const takenByHigh = mapLimits((name) =>
    high
      ? movedOn(pace, name, need, { from: pace.takenByHigh[name], least: now, share: HIGH_SHARE })
      : pace.takenByHigh[name],
  );
  return { given: true, at, pace: { ...pace, taken, takenByHigh } };
}

/** Room older than this has flowed over: the provider keeps a minute's allowance at most. */
const MAX_CREDIT_MS = (1 - CUSHION) * MINUTE_MS;

function movedOn(
  pace: Pace,
  name: Limited,
  need: Need,
  { from, least, share = 1 }: { readonly from: number; readonly least: number; readonly share?: number },
): number {
  const rate = rateOf(pace, name);
  return rate === null ? from : Math.max(from, least) + need[name] / (rate * share);
}

/** A limit's rate by the millisecond; null where it is not known. */
function rateOf({ limits, guess }: Pace, name: Limited): number | null {
  const limit = limits[name] ?? (name === 'requests' ? guess : null);
  return limit === null ? null : limit / MINUTE_MS;
}

function mapLimits(value: (name: Limited) => number): Need {
  return {
    requests: value('requests'),
    inputTokens: value('inputTokens'),
    outputTokens: value('outputTokens'),
  };
}

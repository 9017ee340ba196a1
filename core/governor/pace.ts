import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';
import type { RateLimits } from '../ports/model.ts';

/** What the provider limits, each per minute. */
export const LIMITED = ['requests', 'inputTokens', 'outputTokens'] as const;
export type Limited = (typeof LIMITED)[number];

const perLimit = stored({ requests: z.number(), inputTokens: z.number(), outputTokens: z.number() });

/** What one call uses of each limit. */
export type Need = z.infer<typeof perLimit>;

export const paceSchema = storedRecord({
  model: z.string().min(1),
  /** Counts writes: each one is conditional on the version it was decided from. */
  version: z.number().int().nonnegative(),
  /** Allowed per minute, as last reported by the provider. Null until it reports a limit. */
  limits: stored({
    requests: z.number().positive().nullable(),
    inputTokens: z.number().positive().nullable(),
    outputTokens: z.number().positive().nullable(),
  }),
  /** Requests per minute to try when the provider throttles without reporting a limit. Null otherwise. */
  guess: z.number().positive().nullable(),
  /** Whether calls need a slot. */
  tight: z.boolean(),
  /** Until when the given slots use up each limit. Before `now` there is room, after it there is a queue. */
  taken: perLimit,
  /** The same for high-priority calls only, which go ahead of the other calls' queue. */
  takenByHigh: perLimit,
  /** When `taken` was last compared with the provider's report. */
  correctedAt: z.number(),
  throttledAt: z.number(),
  /** No worker calls before this time. */
  blockedUntil: z.number(),
});

/**
 * How fast a model may be called, shared by all workers. Times are milliseconds since the epoch.
 *
 * - G1. While there is ample room nobody waits and nothing is written.
 * - G2. When it is tight, the slots that are given keep to each limit's rate: `taken` moves on by what a call needs.
 * - G3. Slots are given at most `HORIZON_MS` ahead, so that no call is stuck behind a long queue of slots, and a wrong
 *   estimate is corrected within that time.
 * - G4. Calls of high priority go ahead of the others, with at most four fifths of the rate.
 * - G5. When the provider throttles, no worker calls before the time that it named.
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

/** Below `TIGHT_BELOW` of a limit it is tight. Above `AMPLE_ABOVE` there is ample room again. In between nothing changes. */
const TIGHT_BELOW = 0.5;
const AMPLE_ABOVE = 0.75;
/**
 * The share of a minute's allowance that stays unused while it is tight. It absorbs what the plan cannot know: slots
 * given to high priority ahead of the queue (G4), late calls and wrong token estimates.
 */
const CUSHION = 0.35;
/** How far ahead slots are given: no more than the cushion absorbs if high priority adds to all of them. */
export const HORIZON_MS = 20_000;
const HIGH_SHARE = 0.8;
/** The plan moves toward the provider's report at this interval by this fraction of the difference: slowly, since slots are late. */
const CORRECT_EVERY_MS = 5_000;
const CORRECTION = 0.1;
/** How long after a throttle there is no ample room, whatever the provider reports. */
const QUIET_MS = 60_000;

/** The smallest remaining share of any limit. Null when the provider reported none. */
export function leastShare(limits: RateLimits): number | null {
  const shares = LIMITED.flatMap((name) => {
    const told = limits[name];
    return told ? [told.remaining / told.limit] : [];
  });
  return shares.length === 0 ? null : Math.min(...shares);
}

/** The pace after applying the rate limits of an answer. */
export function heed(pace: Pace, told: RateLimits, now: number): Pace {
  const share = leastShare(told);
  if (share === null) return pace;
  const limits = { ...pace.limits };
  for (const name of LIMITED) limits[name] = told[name]?.limit ?? limits[name];
  const known = { ...pace, limits, guess: null };
  // Another worker has applied a newer report.
  if (now < pace.correctedAt) return known;
  if (pace.tight && share >= AMPLE_ABOVE && now - pace.throttledAt > QUIET_MS && !hasQueue(known, now)) {
    return { ...known, tight: false };
  }
  if (!pace.tight) return share < TIGHT_BELOW ? tightened(known, told, now) : known;
  return now - pace.correctedAt < CORRECT_EVERY_MS ? known : corrected(known, told, now);
}

const hasQueue = ({ taken }: Pace, now: number): boolean => LIMITED.some((name) => taken[name] > now);

/** From now on calls need slots. What is left above the cushion goes to the first calls. */
function tightened(pace: Pace, told: RateLimits, now: number): Pace {
  const taken = mapLimits(pace.taken, (name) => now - spareMs(told, name));
  const takenByHigh = { ...pace.takenByHigh, ...NOTHING_TAKEN };
  return { ...pace, tight: true, taken, takenByHigh, correctedAt: now };
}

/** Moves the plan toward the provider's report, and drops room that does not exist. */
function corrected(pace: Pace, told: RateLimits, now: number): Pace {
  const taken = mapLimits(pace.taken, (name) => {
    const spare = spareMs(told, name);
    return Math.max(pace.taken[name] - CORRECTION * spare, now - Math.max(0, spare));
  });
  return { ...pace, taken, correctedAt: now };
}

/** What is left of a limit above the cushion, as the time in which it would refill. Negative when it is short. */
function spareMs(told: RateLimits, name: Limited): number {
  const { remaining, limit } = told[name] ?? { remaining: 1, limit: 1 };
  return (remaining / limit - CUSHION) * MINUTE_MS;
}

/** The pace after the provider throttled a call (G5). */
export function throttle(pace: Pace, told: RateLimits, retryAfterMs: number | undefined, now: number): Pace {
  const limits = { ...pace.limits };
  for (const name of LIMITED) limits[name] = told[name]?.limit ?? limits[name];
  const blockedUntil = Math.max(pace.blockedUntil, now + (retryAfterMs ?? untoldWait(pace, now)));
  // Concurrent calls are throttled together, so one step back is enough for all of them.
  const again = now - pace.throttledAt < STEP_MS;
  return {
    ...pace,
    limits,
    guess: LIMITED.some((name) => limits[name] !== null) ? null : stepBack(pace.guess, again),
    tight: true,
    taken: mapLimits(pace.taken, (name) => Math.max(pace.taken[name], blockedUntil)),
    throttledAt: now,
    blockedUntil,
  };
}

/** The wait when the provider names none. It doubles each time that waiting did not help. */
const MIN_WAIT_MS = 2_000;
const MAX_WAIT_MS = 60_000;

function untoldWait({ blockedUntil, throttledAt }: Pace, now: number): number {
  if (now < blockedUntil) return 0;
  const inVain = now - blockedUntil < STEP_MS;
  return inVain ? Math.min(MAX_WAIT_MS, 2 * Math.max(MIN_WAIT_MS, blockedUntil - throttledAt)) : MIN_WAIT_MS;
}

/** When no limit is known: the rate halves after a throttle, and grows by half after each ten seconds without one. */
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

/** A call that asks for a slot. */
export interface Ask {
  readonly need: Need;
  readonly high: boolean;
  /** How far ahead it may be given a slot, in milliseconds: the horizon at most. */
  readonly reachMs: number;
}

/** Gives a call a slot (G2), unless the slot is beyond its reach (G3). */
export function takeSlot(before: Pace, { need, high, reachMs }: Ask, now: number): Slot {
  const pace = grown(before, now);
  const lane = high ? pace.takenByHigh : pace.taken;
  const limited = LIMITED.filter((name) => rateOf(pace, name) !== null);
  // High priority skips the other calls' queue. Where there is no queue, it uses their room.
  const from = limited.map((name) => Math.min(lane[name], pace.taken[name]));
  const at = Math.round(Math.max(now, pace.blockedUntil, ...from));
  if (at - now > reachMs) return { given: false };
  const taken = mapLimits(pace.taken, (name) =>
    movedOn(pace, name, need, { from: pace.taken[name], least: now - MAX_CREDIT_MS }),
  );
  const takenByHigh = mapLimits(pace.takenByHigh, (name) =>
    high
      ? movedOn(pace, name, need, { from: pace.takenByHigh[name], least: now, share: HIGH_SHARE })
      : pace.takenByHigh[name],
  );
  return { given: true, at, pace: { ...pace, taken, takenByHigh } };
}

/** Room older than this is lost: the provider keeps at most a minute's allowance. */
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

/** A limit's rate per millisecond. Null when it is not known. */
function rateOf({ limits, guess }: Pace, name: Limited): number | null {
  const limit = limits[name] ?? (name === 'requests' ? guess : null);
  return limit === null ? null : limit / MINUTE_MS;
}

function mapLimits(before: Need, value: (name: Limited) => number): Need {
  return {
    ...before,
    requests: value('requests'),
    inputTokens: value('inputTokens'),
    outputTokens: value('outputTokens'),
  };
}

import { z } from 'zod';
import { roundUsd } from '../models/price.ts';

/** What may be spent in one UTC day. Both limits apply. */
export const dayBudgetSchema = z.strictObject({
  usd: z.number().positive(),
  tokens: z.number().int().positive().optional(),
});
export type DayBudget = z.infer<typeof dayBudgetSchema>;

/** What a call costs, or is held back for it. */
export interface Amount {
  readonly usd: number;
  readonly tokens: number;
}

/** The sum that one tenant's, or one agent's, calls of one UTC day come to; `day` is YYYY-MM-DD. */
export const dayCounterSchema = z.object({ of: z.enum(['tenant', 'agent']), name: z.string(), day: z.string() });
export type DayCounter = Readonly<z.infer<typeof dayCounterSchema>>;

/** A counter and the most it may hold; what is left out does not limit. */
export interface DayLimit {
  readonly counter: DayCounter;
  readonly most: { readonly usd?: number | undefined; readonly tokens?: number | undefined };
}

/** Where a counter stands. */
export interface DaySum {
  /** Settled calls, and reservations that are not settled: what the limit is held against. */
  readonly held: Amount;
  /** Settled calls alone. */
  readonly spent: Amount;
  /** When it was written last, in milliseconds; null where nothing was held yet. */
  readonly at: number | null;
}

export const NOTHING: DaySum = { held: { usd: 0, tokens: 0 }, spent: { usd: 0, tokens: 0 }, at: null };

const DAY_MS = 86_400_000;

/** The UTC day of a moment, YYYY-MM-DD. */
export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** When the next UTC day begins. */
export const nextDay = (now: number): number => (Math.floor(now / DAY_MS) + 1) * DAY_MS;

/** Returns whether `amount` fits in addition to what a counter holds. */
export function fitsOn(held: Amount, amount: Amount, { most }: DayLimit): boolean {
  return (
    roundUsd(held.usd + amount.usd) <= (most.usd ?? Infinity) &&
    held.tokens + amount.tokens <= (most.tokens ?? Infinity)
  );
}

/** Longer than a model call takes: a counter that nobody wrote for so long has no call under way that will settle. */
const SETTLES_WITHIN_MS = 120_000;

/**
 * Whether waiting for the calls under way may make room: what they hold beyond their true cost is given back when
 * they settle. What a dead worker held never is, so a counter that has gone quiet is not waited for.
 */
export function mayHaveRoomSoon(sum: DaySum, amount: Amount, limit: DayLimit, now: number): boolean {
  return sum.at !== null && now - sum.at < SETTLES_WITHIN_MS && fitsOn(sum.spent, amount, limit);
}

/** Why a day budget has no room for a call: which budget, what is left, and what to do. */
export function noRoomReason({ counter, most }: DayLimit, { held }: DaySum, amount: Amount): string {
  const left = [
    ...(most.usd === undefined ? [] : [`$${Math.max(0, most.usd - held.usd).toFixed(4)} of $${most.usd.toFixed(4)}`]),
    ...(most.tokens === undefined ? [] : [`${Math.max(0, most.tokens - held.tokens)} of ${most.tokens} tokens`]),
  ].join(' and ');
  const remedy =
    counter.of === 'tenant'
      ? "raise the tenant's dayUsd or dayTokens limit"
      : "raise dayBudget in the agent's definition and deploy";
  return (
    `The next model call can cost up to $${amount.usd.toFixed(4)} (${amount.tokens} tokens), but the day budget of ` +
    `${counter.of} ${counter.name} has ${left} left for ${counter.day} (UTC). Wait for the next day, or ${remedy}.`
  );
}

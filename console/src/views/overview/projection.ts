const DAY_MS = 86_400_000;

/** Milliseconds since midnight, in UTC: days of budgets and usage are those of UTC. */
export const intoDay = (now: number): number => now % DAY_MS;

/** `2026-11-30`, in UTC. */
export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** What a day has cost: interrupted calls may have been billed, so their reservations count. */
export const chargedUsd = ({ usd, lostUsd }: { readonly usd: number; readonly lostUsd: number }): number =>
  usd + lostUsd;

/**
 * US dollars at the end of the day, if the rest of the day costs as much an hour as the recent past did.
 * @param recent what was spent in the last `ms` milliseconds. @default the day so far
 */
export function atDaysEnd(usd: number, now: number, recent?: { readonly usd: number; readonly ms: number }): number {
  const { usd: spent, ms } = recent ?? { usd, ms: intoDay(now) };
  if (ms <= 0) return usd;
  return usd + (spent / ms) * (DAY_MS - intoDay(now));
}

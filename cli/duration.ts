const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses `90s`, `30m`, `2h` or `1d` to milliseconds; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text.trim()) ?? [];
  return amount === undefined ? null : Number(amount) * UNITS[unit as keyof typeof UNITS];
}

/** The farthest time from 1970 that a date can have, in milliseconds (ECMAScript, Time Values and Time Range). */
const MAX_TIME = 8.64e15;

/** A time in milliseconds since 1970 as an ISO time; null if there is no such date. */
export const isoTime = (at: number): string | null => (Math.abs(at) <= MAX_TIME ? new Date(at).toISOString() : null);

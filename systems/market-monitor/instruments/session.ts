import { localTime } from '#core/parse/local-time.ts';
import type { RecentBar, SubjectState } from './state.ts';

/** Sessions are days of the exchange's clock. */
const ZONE = 'America/New_York';
const HOUR_MS = 3_600_000;
const MAX_HOURS = 1_000;

/** Where a bar belongs. */
export type Place = 'earlier' | 'same' | 'next';

/**
 * Whether a bar is of the session that is known. The date changes at midnight in New York, and trading around the clock goes
 * on: it is the same session while the bars follow each other and the previous close stays.
 */
export function placeOf({ session, recent = [] }: SubjectState, bar: RecentBar): Place {
  if (session === undefined) return 'next';
  const date = sessionDate(bar.s);
  if (date <= session.date) return date === session.date ? 'same' : 'earlier';
  const last = recent.at(-1);
  const goesOn = last !== undefined && last.p === bar.p && bar.s - last.s - last.d * 1_000 < HOUR_MS;
  return goesOn ? 'same' : 'next';
}

/** Dates by hour since 1970: asking the time zone costs more than all else that is done with a bar. */
const dates = new Map<number, string>();

/** The date in New York. Its midnight is a full hour of UTC, so an hour has one date. */
export function sessionDate(at: number): string {
  const hour = Math.floor(at / HOUR_MS);
  const known = dates.get(hour);
  if (known !== undefined) return known;
  const { date } = localTime(at, ZONE);
  if (dates.size >= MAX_HOURS) dates.clear();
  dates.set(hour, date);
  return date;
}

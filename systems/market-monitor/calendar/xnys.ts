import { instantOf, localTime, shiftDate } from '#core/parse/local-time.ts';

/** The New York Stock Exchange, by its MIC. Nasdaq keeps the same days. */
const ZONE = 'America/New_York';
const OPEN = '09:30';
const CLOSE = '16:00';
const EARLY_CLOSE = '13:00';

/**
 * As NYSE Group announced on 8 November 2024 for 2025 to 2027 and on 23 December 2025 for 2026 to 2028
 * (https://mondovisione.com/media-and-resources/news/nyse-group-announces-2026-2027-and-2028-holiday-and-early-closings-calendar-20251223/),
 * and the day of mourning of 2025-01-09. Other years count every weekday as a session. The first of January 2028 is a
 * Saturday, for which the exchange closes on no other day.
 */
const HOLIDAYS: ReadonlySet<string> = new Set(
  `2025-01-01 2025-01-09 2025-01-20 2025-02-17 2025-04-18 2025-05-26
   2025-06-19 2025-07-04 2025-09-01 2025-11-27 2025-12-25
   2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 2026-06-19
   2026-07-03 2026-09-07 2026-11-26 2026-12-25
   2027-01-01 2027-01-18 2027-02-15 2027-03-26 2027-05-31 2027-06-18
   2027-07-05 2027-09-06 2027-11-25 2027-12-24
   2028-01-17 2028-02-21 2028-04-14 2028-05-29 2028-06-19 2028-07-04
   2028-09-04 2028-11-23 2028-12-25`.split(/\s+/),
);
const EARLY: ReadonlySet<string> = new Set(
  `2025-07-03 2025-11-28 2025-12-24 2026-11-27 2026-12-24
   2027-11-26 2028-07-03 2028-11-24`.split(/\s+/),
);

/** The last year whose holidays are known. */
export const LAST_YEAR = Number([...HOLIDAYS].at(-1)?.slice(0, 4));

/** A day's regular trading, in milliseconds since 1970. */
export interface Session {
  /** In New York, such as `2026-11-27`. */
  readonly date: string;
  readonly opensAt: number;
  readonly closesAt: number;
}

/** The session of a date in New York, or null if the exchange is closed. */
export function sessionOn(date: string): Session | null {
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6 || HOLIDAYS.has(date)) return null;
  const close = EARLY.has(date) ? EARLY_CLOSE : CLOSE;
  return {
    date,
    opensAt: instantOf({ date, time: OPEN }, ZONE),
    closesAt: instantOf({ date, time: close }, ZONE),
  };
}

/** The session that is open at an instant, or null. */
export function sessionAt(instant: number): Session | null {
  const session = sessionOn(localTime(instant, ZONE).date);
  return session !== null && instant >= session.opensAt && instant < session.closesAt ? session : null;
}

/** The last session that closed at or before an instant. */
export function lastClosed(instant: number): Session {
  // The exchange has never been closed for ten days since 1933.
  for (let days = 0; days < 10; days++) {
    const session = sessionOn(shiftDate(localTime(instant, ZONE).date, -days));
    if (session !== null && session.closesAt <= instant) return session;
  }
  throw new Error('No session of the exchange closed within ten days. Check calendar/xnys.ts.');
}

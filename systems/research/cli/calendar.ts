import { instantOf, localTime, nextInstantOf, shiftDate } from '#core/parse/local-time.ts';

/** When a night ends. Times are milliseconds since the epoch. */
export interface Night {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** When its brief is due, by its own clock, which a brief shows too. */
  readonly due: number;
  /** When the brief of a run that starts at this time is made, by the clock of this machine. */
  deadline(startedAt: number): number;
}

/** When a simulated night begins, UTC. */
const BEGINS = '22:00';
const MINUTE_MS = 60_000;
/** A night belongs to the date this long before its brief is due: 07:00 ends the night that began the evening before. */
const NIGHT_MS = 9 * 60 * MINUTE_MS;
/** The brief is made this long before it is due, or this part of the time that is left. */
const BEFORE = { ms: 20 * MINUTE_MS, share: 0.1 };

/** A night of the simulated web: it begins at 22:00 UTC of its date, and passes as fast as time does. */
export function simulatedNight(firstNight: string, index: number, by: string): Night {
  const date = shiftDate(firstNight, index);
  const begins = instantOf({ date, time: BEGINS }, 'UTC');
  const due = nextInstantOf(by, 'UTC', begins);
  return { date, due, deadline: (startedAt) => beforeDue(startedAt, startedAt + due - begins) };
}

/** The night that ends at the next `by` of a time zone. @param by such as 07:00 */
export function realNight(now: number, by: string, zone: string): Night {
  const due = nextInstantOf(by, zone, now);
  return { date: localTime(due - NIGHT_MS, zone).date, due, deadline: (startedAt) => beforeDue(startedAt, due) };
}

const beforeDue = (startedAt: number, due: number): number =>
  due - Math.min(BEFORE.ms, Math.round(BEFORE.share * Math.max(0, due - startedAt)));

/** The time zone of this machine. */
export const zoneHere = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

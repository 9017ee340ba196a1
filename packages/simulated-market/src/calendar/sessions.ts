import { EXCHANGES, FIRST_YEAR, LAST_YEAR, type ExchangeName } from './exchanges.ts';
import { zonedTime } from './zones.ts';

const DAY_MS = 86_400_000;

/** A day's trading at an exchange. Times are milliseconds since 1970. */
export interface Session {
  readonly exchange: ExchangeName;
  readonly day: string;
  readonly open: number;
  readonly close: number;
  /** The parts in which there is trading: Tokyo pauses at noon. */
  readonly parts: readonly { readonly open: number; readonly close: number }[];
  readonly early: boolean;
}

/** The session of a day, or null when there is none: a weekend or a holiday. Throws outside of 2025 to 2027. */
export function sessionOf(exchange: ExchangeName, day: string): Session | null {
  const year = Number(day.slice(0, 4));
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) {
    throw new Error(`No calendar for ${day}. Choose a day from ${FIRST_YEAR} to ${LAST_YEAR}.`);
  }
  const { zone, parts, earlyEnd, holidays, early } = EXCHANGES[exchange];
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6 || holidays.includes(day)) return null;
  const isEarly = early.includes(day);
  const times = parts.map(([open, close]) => ({
    open: zonedTime(day, open, zone),
    close: zonedTime(day, isEarly ? earlyEnd : close, zone),
  }));
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`${exchange} has no hours of trading.`);
  return { exchange, day, open: first.open, close: last.close, parts: times, early: isEarly };
}

/** Why a day cannot be simulated, with the next one that can. Null: it can. */
export function problemOfDay(day: string): string | null {
  try {
    if (sessionOf('XNYS', day) !== null) return null;
    return `New York does not trade on ${day}. The next session is on ${nextSession('XNYS', day).day}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The first day with a session, `step` days after `day`: 1 looks forward, -1 back. */
export function nextSession(exchange: ExchangeName, day: string, step: 1 | -1 = 1): Session {
  for (let time = Date.parse(day) + step * DAY_MS; ; time += step * DAY_MS) {
    const session = sessionOf(exchange, new Date(time).toISOString().slice(0, 10));
    if (session !== null) return session;
  }
}

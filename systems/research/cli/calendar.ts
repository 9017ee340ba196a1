import { nextTime, timesOf, type Times } from '../night/times.ts';

/** A night with its own clock. */
export interface NightClock {
  /** YYYY-MM-DD. */
  readonly night: string;
  readonly times: Times;
  now(): number;
}

const DAY_MS = 86_400_000;
/** When a simulated night begins, UTC. */
const BEGINS = '22:00:00Z';

/** A night of the simulated web: it begins at 22:00 of its date, and passes as fast as time does. */
export function simulatedNight(firstNight: string, index: number, by: string): NightClock {
  const night = new Date(Date.parse(firstNight) + index * DAY_MS).toISOString().slice(0, 10);
  const begins = Date.parse(`${night}T${BEGINS}`);
  const startedAt = Date.now();
  return { night, times: timesOf(begins, nextTime(begins, by, 0)), now: () => begins + Date.now() - startedAt };
}

/** Tonight, in the time zone of this machine. */
export function realNight(by: string): NightClock {
  const now = Date.now();
  const offset = -new Date(now).getTimezoneOffset();
  const night = new Date(now + offset * 60_000).toISOString().slice(0, 10);
  return { night, times: timesOf(now, nextTime(now, by, offset)), now: () => Date.now() };
}

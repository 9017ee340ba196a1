/** The clock on the wall of a time zone. A wall time is what the clock shows, in ms since 1970 as if it showed UTC. */
export interface WallClock {
  /** What the clock shows at an instant (ms since 1970). */
  at(instant: number): number;
  /** The first instant at which the clock shows a wall time, or undefined when it skips that time. */
  firstInstant(wall: number): number | undefined;
}

/** No zone changes its offset twice within two days. */
const DAY_MS = 86_400_000;

/** Throws `RangeError` for an unknown IANA time zone. */
export function wallClock(timezone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  const at = (instant: number): number => instant + offsetMs(format, instant);
  const firstInstant = (wall: number): number | undefined => {
    const offsets = [offsetMs(format, wall - DAY_MS), offsetMs(format, wall + DAY_MS)];
    const instants = offsets.map((offset) => wall - offset).filter((instant) => at(instant) === wall);
    return instants.length === 0 ? undefined : Math.min(...instants);
  };
  return { at, firstInstant };
}

/** Reads `GMT`, `GMT+05:30` or `GMT-03:00`. */
function offsetMs(format: Intl.DateTimeFormat, instant: number): number {
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

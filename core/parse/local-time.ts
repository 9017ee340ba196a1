/** Dates are `2027-03-28`, times of day `22:00`. */
export interface LocalTime {
  readonly date: string;
  readonly time: string;
}

/** What the clock on the wall of a time zone shows. Throws `RangeError` for an unknown IANA zone. */
export function localTime(instant: number, zone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, time: `${parts['hour']}:${parts['minute']}` };
}

const HOUR_MS = 3_600_000;

/** The first instant at which the clock shows this. Of a time that it skips: that of the time an hour later. */
export function instantOf({ date, time }: LocalTime, zone: string): number {
  const wall = Date.parse(`${date}T${time}:00Z`);
  // No zone is further from UTC than 14 hours, and offsets are multiples of a quarter of an hour.
  for (let at = wall - 14 * HOUR_MS; at <= wall + 15 * HOUR_MS; at += HOUR_MS / 4) {
    const shown = localTime(at, zone);
    if (shown.date > date || (shown.date === date && shown.time >= time)) return at;
  }
  return wall;
}

/** The date of the day before or after. */
export const shiftDate = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 24 * HOUR_MS).toISOString().slice(0, 10);

/** Whether the zone’s clocks are changed in the two years after an instant. */
export function changesClocks(zone: string, from: number): boolean {
  const offsets = Array.from({ length: 25 }, (_, month) => {
    const at = from + month * 30 * 24 * HOUR_MS;
    const { date, time } = localTime(at, zone);
    return Date.parse(`${date}T${time}:00Z`) - Math.floor(at / 60_000) * 60_000;
  });
  return new Set(offsets).size > 1;
}

/** Dates are `2027-03-28`, times of day `22:00`. */
export interface LocalTime {
  readonly date: string;
  readonly time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall of a time zone shows. Throws `RangeError` for an unknown IANA zone. */
export function localTime(instant: number, zone: string): LocalTime {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, time: `${parts['hour']}:${parts['minute']}` };
}

/** Creating a format takes a hundred times as long as using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(zone, format);
  return format;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** The first instant at which the clock shows this. Of a time that it skips: the instant at which the clock is changed. */
export function instantOf({ date, time }: LocalTime, zone: string): number {
  const wall = Date.parse(`${date}T${time}:00Z`);
  // No zone is further from UTC than 14 hours, and offsets are multiples of a quarter of an hour.
  for (let at = wall - 14 * HOUR_MS; at <= wall + 15 * HOUR_MS; at += HOUR_MS / 4) {
    const shown = localTime(at, zone);
    if (shown.date > date || (shown.date === date && shown.time >= time)) return at;
  }
  return wall;
}

/** The first instant after `now` at which the clock shows this time of day, or at which it skips it. */
export function nextInstantOf(time: string, zone: string, now: number): number {
  const { date } = localTime(now, zone);
  const today = instantOf({ date, time }, zone);
  return today > now ? today : instantOf({ date: shiftDate(date, 1), time }, zone);
}

/** The date of the day before or after. */
export const shiftDate = (date: string, days: number): string =>
  dateOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);

/** Minutes since midnight. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The time of day these many minutes after midnight. Those of a day or more are of a later day. */
export const timeOf = (minutes: number): string => {
  const [hour, minute] = [Math.floor(minutes / 60) % 24, minutes % 60];
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
};

/** A change of the clocks on which local times do not exist. */
export interface ClockSkip {
  readonly date: string;
  /** The first time that the clock skips. */
  readonly from: string;
  /** The time to which it is put. */
  readonly until: string;
}

const YEARS = 10;

/**
 * The next change of the zone's clocks that skips this time of day, in the ten years after an instant. The changes are
 * those of the time zone database that Node has. Throws `RangeError` for an unknown IANA zone.
 */
export function nextSkipOf(time: string, zone: string, from: number): ClockSkip | undefined {
  // No zone changes its clocks twice in a week.
  for (let at = from; at < from + YEARS * 365 * DAY_MS; at += WEEK_MS) {
    const skipped = wallOf(at + WEEK_MS, zone) - wallOf(at, zone) - WEEK_MS;
    if (skipped <= 0) continue;
    const first = wallOf(changeIn(at, at + WEEK_MS, zone) - MINUTE_MS, zone) + MINUTE_MS;
    const [begin, end] = [timeAt(first), timeAt(first + skipped)];
    const after = (minutesOf(time) - minutesOf(begin) + DAY_MINUTES) % DAY_MINUTES;
    if (after < skipped / MINUTE_MS) return { date: dateOf(first), from: begin, until: end };
  }
  return undefined;
}

const DAY_MINUTES = 24 * 60;

/** The minute in which the clock shows another offset than at `low`. It shows that of `high` from then on. */
function changeIn(low: number, high: number, zone: string): number {
  const offset = wallOf(low, zone) - minuteOf(low);
  let [before, after] = [minuteOf(low), minuteOf(high)];
  while (after - before > MINUTE_MS) {
    const middle = minuteOf((before + after) / 2);
    if (wallOf(middle, zone) - middle === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** What the clock shows, to the minute, in milliseconds since 1970 as if it showed UTC. */
function wallOf(instant: number, zone: string): number {
  const { date, time } = localTime(instant, zone);
  return Date.parse(`${date}T${time}:00Z`);
}

const minuteOf = (instant: number): number => Math.floor(instant / MINUTE_MS) * MINUTE_MS;
const dateOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10);
const timeAt = (wall: number): string => new Date(wall).toISOString().slice(11, 16);

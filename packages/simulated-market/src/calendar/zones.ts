const MINUTE = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds by which the clocks of a time zone are ahead of UTC at a time. */
export function offsetAt(time: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  const name = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

/** The time of a day and a wall clock, such as `2026-11-27` and `09:30`, in milliseconds since 1970. */
export function zonedTime(day: string, clock: string, zone: string): number {
  const guess = Date.parse(`${day}T${clock}:00Z`);
  const first = guess - offsetAt(guess, zone);
  // The offset of the guess may be the one of the other side of a change of the clocks.
  return guess - offsetAt(first, zone);
}

/** ISO 8601 with the offset of the zone, as EDGAR writes it: `2026-11-27T09:30:00-05:00`. */
export function zonedText(time: number, zone: string): string {
  const offset = offsetAt(time, zone);
  const local = new Date(time + offset).toISOString().slice(0, 19);
  const minutes = Math.abs(offset) / MINUTE;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

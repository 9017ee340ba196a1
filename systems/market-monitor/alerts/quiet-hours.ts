import { localTime, nextInstantOf } from '#core/parse/local-time.ts';

/** Hours in which only urgent alerts reach people, by the clock of a time zone. */
export interface QuietHours {
  readonly zone: string;
  /** Such as `22:00`. */
  readonly from: string;
  /** Such as `07:00`. Before `from`: on the next day. */
  readonly to: string;
}

/** When the quiet hours of now end, in milliseconds since 1970. Null: it is no quiet hour. */
export function quietUntil(quiet: QuietHours | null | undefined, now: number): number | null {
  if (!quiet || quiet.from === quiet.to) return null;
  const { zone, from, to } = quiet;
  const { time } = localTime(now, zone);
  const isQuiet = from < to ? time >= from && time < to : time >= from || time < to;
  return isQuiet ? nextInstantOf(to, zone, now) : null;
}

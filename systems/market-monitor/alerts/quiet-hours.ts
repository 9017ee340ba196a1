import { localTime } from '#core/parse/local-time.ts';

/** Hours in which only urgent alerts reach people, by the clock of a time zone. */
export interface QuietHours {
  readonly zone: string;
  /** Such as `22:00`. */
  readonly from: string;
  /** Such as `07:00`. Before `from`: on the next day. */
  readonly to: string;
}

export function isQuiet(quiet: QuietHours | null | undefined, now: number): boolean {
  if (!quiet || quiet.from === quiet.to) return false;
  const { time } = localTime(now, quiet.zone);
  return quiet.from < quiet.to ? time >= quiet.from && time < quiet.to : time >= quiet.from || time < quiet.to;
}

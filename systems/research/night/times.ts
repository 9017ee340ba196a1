/** When a night's stages end, in milliseconds since the epoch. */
export interface Times {
  readonly companies: number;
  readonly strategy: number;
  /** The brief is made of what there is. */
  readonly brief: number;
  /** The brief must be there. */
  readonly due: number;
}

const MINUTE_MS = 60_000;
/** Minutes before the brief is due, and the share of a night that is too short for them. */
const BEFORE = { companies: [75, 0.3], strategy: [30, 0.15], brief: [20, 0.08] } as const;

/** Divides the time from the start of a night until its brief is due. */
export function timesOf(startedAt: number, due: number): Times {
  const left = Math.max(0, due - startedAt);
  const before = ([minutes, share]: readonly [number, number]): number =>
    due - Math.min(minutes * MINUTE_MS, share * left);
  return { companies: before(BEFORE.companies), strategy: before(BEFORE.strategy), brief: before(BEFORE.brief), due };
}

const DAY_MS = 86_400_000;

/** The next time that a clock of this zone shows `HH:MM`. @param offset minutes that the zone is ahead of UTC */
export function nextTime(from: number, time: string, offset: number): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const local = from + offset * MINUTE_MS;
  const today = local - (local % DAY_MS) + (hours * 60 + minutes) * MINUTE_MS;
  return (today > local ? today : today + DAY_MS) - offset * MINUTE_MS;
}

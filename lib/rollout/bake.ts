export interface BakeOptions {
  readonly minutes: number;
  /** The alarms of the fleet that ring now and want somebody's attention today, by name. */
  readonly ringing: () => Promise<readonly string[]>;
  readonly wait: (milliseconds: number) => Promise<void>;
}

const LOOK_EVERY_MS = 30_000;

/** Watches what was deployed. Returns the alarms that ring, as soon as there is one, or nothing after the whole time. */
export async function bake({ minutes, ringing, wait }: BakeOptions): Promise<readonly string[]> {
  for (let left = minutes * 60_000; left > 0; left -= LOOK_EVERY_MS) {
    await wait(Math.min(left, LOOK_EVERY_MS));
    const alarms = await ringing();
    if (alarms.length > 0) return alarms;
  }
  return [];
}

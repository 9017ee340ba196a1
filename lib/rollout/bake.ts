export interface BakeOptions {
  readonly minutes: number;
  /** The alarms of the fleet that ring now and want somebody's attention today, by name. */
  readonly ringing: () => Promise<readonly string[]>;
  readonly wait: (milliseconds: number) => Promise<void>;
}

const LOOK_EVERY_MS = 30_000;
/** Looks that may fail in a row, as in a short outage of the network. The last one must not. */
const MAX_FAILED = 4;

/**
 * Watches what was deployed. Returns the alarms that ring, as soon as there is one, or nothing after the whole time. Throws
 * the error of `ringing` if it fails for two minutes, or at the end.
 */
export async function bake({ minutes, ringing, wait }: BakeOptions): Promise<readonly string[]> {
  let failed = 0;
  for (let left = minutes * 60_000; left > 0; left -= LOOK_EVERY_MS) {
    await wait(Math.min(left, LOOK_EVERY_MS));
    try {
      const alarms = await ringing();
      if (alarms.length > 0) return alarms;
      failed = 0;
    } catch (error) {
      failed += 1;
      if (failed === MAX_FAILED || left <= LOOK_EVERY_MS) throw error;
    }
  }
  return [];
}

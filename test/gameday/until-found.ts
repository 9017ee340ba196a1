import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 1_000;

/** Looks once a second until something is found. Null if it was not in time. */
export async function untilFound<Found>(
  find: () => Promise<Found | null>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Found | null> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found !== null || performance.now() > until) return found;
    await delay(LOOK_MS, undefined, { signal });
  }
}

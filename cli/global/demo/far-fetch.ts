import { setTimeout as delay } from 'node:timers/promises';
import { roundTripMs } from '../distances.ts';

/** A region as callers reach it. */
export interface ReachedRegion {
  /** AWS's name of the region. */
  readonly region: string;
  readonly url: string;
}

/**
 * A `fetch` for a caller on the continent of a region: each request takes half of the round trip to arrive, and each
 * response the other half. A region that is down refuses after the way there and back, too.
 */
export function farFetch(from: string, regions: readonly ReachedRegion[]): typeof fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const to = regions.find((each) => url.startsWith(each.url));
    const half = to === undefined ? 0 : roundTripMs(from, to.region) / 2;
    const signal = init?.signal ?? undefined;
    await way(half, signal);
    try {
      return await fetch(input, init);
    } finally {
      await way(half, signal);
    }
  };
}

/** Rejects with the signal's reason, as `fetch` does. */
async function way(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw signal?.aborted ? (signal.reason as Error) : error;
  }
}

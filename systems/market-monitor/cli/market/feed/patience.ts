import type { Polled } from '../../../sources/edgar/poll.ts';

/** After failures in a row, it waits twice as long each time, up to this. */
const MAX_WAIT_MS = 5 * 60_000;

/**
 * How long to wait before the next poll, in milliseconds.
 * @param everyMs between polls while all is well
 * @param failures in a row, with this one
 */
export function waitAfter(polled: Polled, everyMs: number, failures: number): number {
  if (polled.kind === 'blocked') return Math.max(everyMs, polled.waitMs);
  return polled.kind === 'failed' ? Math.max(everyMs, Math.min(MAX_WAIT_MS, everyMs * 2 ** failures)) : everyMs;
}

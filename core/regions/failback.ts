/** A region that returned has its home back after this time without a fault, so that homes do not go to and fro. */
export const QUIET_MS = 15 * 60_000;

/**
 * Since when a region that lost its home has worked without a fault, in milliseconds since the epoch. Null while it does
 * not work.
 * @param since what this returned the last time
 */
export const worksSince = (since: number | null, works: boolean, now: number): number | null =>
  works ? Math.min(since ?? now, now) : null;

/** Whether the region that holds a home of another one stops to, so that the other one may take it back. */
export const isReturning = (since: number | null, now: number): boolean => since !== null && now - since >= QUIET_MS;

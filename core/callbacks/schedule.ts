/**
 * Longer waits leave the queue, for the table. SQS lets 120,000 messages be hidden at once (AWS documentation, "Amazon SQS
 * standard queue quotas"); beyond that it delivers none, to whomever.
 */
export const MAX_HIDDEN_MS = 900_000;

/** How long a receiver that is down is left alone at least, and after how long its callbacks ask for it again at most. */
export const DOWN_MS = 60_000;
const MAX_DOWN_MS = 1_800_000;

/**
 * Milliseconds until a callback that was left alone asks for its receiver again: 1 min, 2 min, 4 min … 30 min, each up to
 * a quarter longer. So thousands of callbacks to a dead receiver neither come back each minute nor all at once.
 * @param times how often it was left alone before, from 0
 * @param random uniform in [0, 1)
 */
export const leftAloneMs = (times: number, random: number): number =>
  Math.round(Math.min(MAX_DOWN_MS, DOWN_MS * 2 ** times) * (1 + random / 4));

/**
 * Milliseconds after which a callback is tried again that an error on our side kept back, such as a secret that cannot be
 * read: three minutes, up to a quarter longer. No attempt was made, and all callbacks wait at once.
 * @param random uniform in [0, 1)
 */
export const brokenMs = (random: number): number => Math.round(180_000 * (1 + random / 4));

/** After this time since its task ended, an error on our side counts as an attempt: a callback must not wait for ever. */
export const PATIENCE_MS = 2 * 24 * 3_600_000;

/** Deliveries of one callback, the first included. */
export const CALLBACK_ATTEMPTS = 11;

const FIRST_WAIT_MS = 5_000;
const FACTOR = 4;
const MAX_WAIT_MS = 6 * 3_600_000;

/**
 * Milliseconds to wait before delivery `attempt + 1`: 5 s, 20 s, 80 s … 6 hours, each up to a quarter longer, so that
 * callbacks that failed together are not retried together. The last of `CALLBACK_ATTEMPTS` comes 25 to 32 hours after the first.
 * @param attempt deliveries made so far, from 1
 * @param random uniform in [0, 1)
 * @param askedMs what the receiver asked for (`retry-after`): honoured where it is longer, up to 6 hours
 */
export function callbackWaitMs(attempt: number, random: number, askedMs = 0): number {
  const planned = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * FACTOR ** (attempt - 1));
  return Math.round(Math.max(planned, Math.min(askedMs, MAX_WAIT_MS)) * (1 + random / 4));
}

/** SQS delays a message by at most 15 minutes. */
const MAX_MS = 900_000;

/** Converts a delay to whole seconds, rounded up. Throws a `RangeError` above the limit of SQS. */
export function delaySeconds(delayMs: number): number {
  if (!(delayMs >= 0 && delayMs <= MAX_MS)) {
    throw new RangeError(
      `delayMs: ${delayMs} lies outside 0 to ${MAX_MS}; park longer waits and let the sweeper send.`,
    );
  }
  return Math.ceil(delayMs / 1_000);
}

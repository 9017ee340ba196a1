/** SQS delays a message by at most 15 minutes. */
const LONGEST_MS = 900_000;

/** A delay as SQS takes it: whole seconds, rounded up. Throws a `RangeError` beyond SQS's limit. */
export function delaySeconds(delayMs: number): number {
  if (!(delayMs >= 0 && delayMs <= LONGEST_MS)) {
    throw new RangeError(
      `delayMs: ${delayMs} lies outside 0 to ${LONGEST_MS}; park longer waits and let the sweeper send.`,
    );
  }
  return Math.ceil(delayMs / 1_000);
}

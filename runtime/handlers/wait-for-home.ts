const FIRST_MS = 4_000;
const MAX_MS = 60_000;
/** In six minutes: a takeover takes one, and whoever takes over sends messages of its own. */
const RECEIVES = 10;

/**
 * How long a message waits, in milliseconds, whose task belongs to a home that this region does not hold: twice as long each
 * time, since the home may only be unknown for a moment. Null once the message is to be deleted.
 * @param receives how often the message was received, this time included
 */
export const waitForHomeMs = (receives: number): number | null =>
  receives >= RECEIVES ? null : Math.min(MAX_MS, FIRST_MS * 2 ** (receives - 1));

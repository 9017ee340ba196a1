/** Attempts at a step that fails transiently, the first included. */
export const MAX_ATTEMPTS = 3;
const BASE_MS = 1_000;
const MAX_MS = 60_000;

/**
 * Milliseconds to wait before attempt `attempt + 1`: exponential backoff with full jitter
 * (AWS Architecture Blog, "Exponential Backoff And Jitter").
 * @param attempt attempts made so far, from 1
 * @param random uniform in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  return Math.round(random * Math.min(MAX_MS, BASE_MS * 2 ** (attempt - 1)));
}

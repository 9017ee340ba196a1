/** What one page may take. */
export interface FetchLimits {
  readonly redirects: number;
  /** Milliseconds for one request, from the resolution of the name to the last byte. */
  readonly timeMs: number;
  /** Bytes of a body after decompression. */
  readonly bytes: number;
}

export const FETCH_LIMITS: FetchLimits = { redirects: 5, timeMs: 15_000, bytes: 3 * 1_024 * 1_024 };

/** Bytes of a robots.txt that are read. RFC 9309 asks for at least 500 KiB; the rest is ignored. */
export const ROBOTS_BYTES = 512 * 1_024;

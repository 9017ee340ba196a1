/** Time as the core sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some moment, never going back: what a wait is measured by, however the time of day is set. */
  elapsed(): number;
  /** Calls `action` every `intervalMs` until the returned function is called. */
  every(intervalMs: number, action: () => void): () => void;
}

/** Time as the core sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `action` every `intervalMs` until the returned function is called. */
  every(intervalMs: number, action: () => void): () => void;
}

/** One expression and its data, as they go to the process that evaluates it. */
export interface Evaluation {
  readonly text: string;
  readonly bindings: Readonly<Record<string, unknown>>;
  /** The time that `$now` and `$millis` return, in ms since 1970. */
  readonly now: number;
  /** The source of `$random`, from 0 to 1. */
  readonly random: number;
}

/** AWS limits time and memory too, and publishes no figures. */
export const EVALUATION_LIMITS = { ms: 5_000, heapMb: 256, depth: 1_000, resultBytes: 10 * 1024 ** 2 } as const;

/** What the simulator has done since it started. */
export interface SimulatedClaudeStats {
  /** Always true. */
  readonly simulation: true;
  /** Calls of any kind. */
  readonly requests: number;
  /** Messages answered in full. */
  readonly answered: number;
  /** Messages whose caller disconnected before the answer. */
  readonly abandoned: number;
  /** Message Batches created. */
  readonly batches: number;
  /** Answered messages that were entries of a batch. */
  readonly batched: number;
  /** 429s, from rate limits or from faults. */
  readonly throttled: number;
  /** All other errors, by status. */
  readonly errors: Readonly<Record<string, number>>;
  /** Injected faults, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Tokens of answered and abandoned messages, which are billed alike. Input excludes cache reads and writes. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Web searches that were answered. */
  readonly searches: number;
  /** PDFs whose text was extracted. */
  readonly documents: number;
  /** PDFs whose text came from the cache. */
  readonly documentsReused: number;
  /** CPU milliseconds of the simulator's thread. V8's helper threads use about a third more. */
  readonly cpuMs: number;
}

/** The part of the stats that the server counts. */
export interface Counters {
  requests: number;
  answered: number;
  abandoned: number;
  batches: number;
  batched: number;
  throttled: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  searches: number;
  readonly errors: Record<string, number>;
  readonly faults: Record<string, number>;
}

export const newCounters = (): Counters => ({
  requests: 0,
  answered: 0,
  abandoned: 0,
  batches: 0,
  batched: 0,
  throttled: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  searches: 0,
  errors: {},
  faults: {},
});

/** Adds one to a counter by name. */
export function tally(tallies: Record<string, number>, name: string): void {
  tallies[name] = (tallies[name] ?? 0) + 1;
}

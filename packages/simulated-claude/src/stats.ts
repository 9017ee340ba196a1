/** What the simulator did since its start. */
export interface SimulatedClaudeStats {
  /** Always true: none of this was Claude. */
  readonly simulation: true;
  /** Calls of any kind that arrived. */
  readonly requests: number;
  /** Messages answered in full. */
  readonly answered: number;
  /** Messages whose caller hung up before the answer. */
  readonly abandoned: number;
  /** Message Batches made. */
  readonly batches: number;
  /** How many of the answered messages were asked in batches. */
  readonly batched: number;
  /** 429s, by limit or by fault. */
  readonly throttled: number;
  /** All other errors, by status. */
  readonly errors: Readonly<Record<string, number>>;
  /** Faults acted out, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Tokens of the answered and the abandoned messages, which are billed alike; input without cache reads and writes. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** PDFs whose text was extracted, and repetitions whose text was still known. */
  readonly documents: number;
  readonly documentsReused: number;
  /** CPU milliseconds of the simulator's own thread; V8's helpers for garbage and code come on top, about a third. */
  readonly cpuMs: number;
}

/** The part of the stats that the server counts itself. */
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
  errors: {},
  faults: {},
});

/** Adds one to a tally by name. */
export function tally(tallies: Record<string, number>, name: string): void {
  tallies[name] = (tallies[name] ?? 0) + 1;
}

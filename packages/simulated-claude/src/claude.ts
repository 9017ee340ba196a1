import { BatchStore } from './batches/store.ts';
import type { Door } from './doors/door.ts';
import { DocumentReader } from './documents.ts';
import { FaultPlan } from './faults.ts';
import { Ledger } from './ledger.ts';
import type { Options } from './options.ts';
import { PromptCache } from './prompt-cache.ts';
import { RateLimiter } from './rate-limits.ts';
import type { Rule } from './rules.ts';
import { newCounters } from './stats.ts';

/** All state that is shared between calls. */
export class Claude {
  readonly options: Options;
  readonly rules: readonly Rule[];
  readonly reader = new DocumentReader();
  readonly cache = new PromptCache();
  readonly counters = newCounters();
  readonly limiter: RateLimiter;
  readonly faults: FaultPlan;
  readonly ledger: Ledger;
  readonly batches: BatchStore;

  constructor(options: Options, rules: readonly Rule[]) {
    this.options = options;
    this.rules = rules;
    this.limiter = new RateLimiter(options.rateLimits);
    this.faults = new FaultPlan(options.faults);
    this.ledger = new Ledger(options.dataDir);
    this.batches = new BatchStore(options.dataDir);
  }
}

/** One HTTP call, after its body is read and its key is checked. */
export interface Call {
  readonly requestId: string;
  /** `performance.now()` when it arrived. Latency starts here. */
  readonly arrivedAt: number;
  readonly apiKey: string;
  /** How it came in, and how its answer goes out. */
  readonly door: Door;
  /** The simulator's address as the caller used it, e.g. `http://127.0.0.1:4400`. */
  readonly origin: string;
  readonly query: URLSearchParams;
  /** The header `x-simulated-fault`. */
  readonly fault: string | undefined;
  /** The header `x-step-id`. */
  readonly stepId: string | undefined;
  readonly body: Buffer;
  /** Aborts when the caller disconnects. */
  readonly disconnected: AbortSignal;
}

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** One call that reached the model. */
export interface LedgerLine {
  /** When its answer was ready, RFC 3339. */
  readonly time: string;
  /** When the call arrived, in epoch milliseconds with fractions. Absent for an entry of a Message Batch. */
  readonly arrivedMs?: number;
  readonly requestId: string;
  readonly model: string;
  /** SHA-256 of the request's body, in hex: equal calls have equal hashes. */
  readonly content: string;
  /** The header `x-step-id`, or null. For a batch entry, its `custom_id`. */
  readonly stepId: string | null;
  /** `abandoned`: the caller disconnected before the answer. The real API bills it anyway. */
  readonly outcome: 'answered' | 'abandoned';
  /** Set for an entry of a Message Batch, which costs half the price. */
  readonly batch?: true;
  readonly usage: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
    /** Web searches, each with a fee. Absent for none. */
    readonly searches?: number;
  };
}

/**
 * The record of all calls that reached the model: `claude-ledger.jsonl`, one line per call.
 *
 * 1. Append-only, with one write per line: readers never see half a line, and a restart appends after the last one.
 * 2. A line is written before its answer is sent: every answer has a line, even after kill -9.
 */
export class Ledger {
  readonly #file: number | null;

  /** Creates `dataDir` if it does not exist. Without `dataDir`, nothing is stored. */
  constructor(dataDir: string | undefined) {
    if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    this.#file = dataDir === undefined ? null : openSync(join(dataDir, 'claude-ledger.jsonl'), 'a', 0o600);
  }

  write(line: LedgerLine): void {
    if (this.#file !== null) writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }
}

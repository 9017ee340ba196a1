import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** One call that reached the model. */
export interface LedgerLine {
  /** When its answer was ready, RFC 3339. */
  readonly time: string;
  readonly requestId: string;
  readonly model: string;
  /** SHA-256 of the request's body, in hex: equal calls have equal hashes. */
  readonly content: string;
  /** The header `x-step-id`, or null; in a batch the entry's `custom_id`. */
  readonly stepId: string | null;
  /** `abandoned`: the caller hung up before the answer, which the real API bills all the same. */
  readonly outcome: 'answered' | 'abandoned';
  /** Set for an entry of a Message Batch, which costs half. */
  readonly batch?: true;
  readonly usage: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
  };
}

/**
 * The witness of what was really asked: `claude-ledger.jsonl`, one line a call.
 *
 * 1. Append-only, and a line is one write: readers never see half of one, a restart goes on behind the last.
 * 2. A line is written before its answer is sent, so that no answer lacks its line, even after kill -9.
 */
export class Ledger {
  readonly #file: number | null;

  /** `dataDir` is made if absent; without one nothing is kept. */
  constructor(dataDir: string | undefined) {
    if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
    this.#file = dataDir === undefined ? null : openSync(join(dataDir, 'claude-ledger.jsonl'), 'a');
  }

  write(line: LedgerLine): void {
    if (this.#file !== null) writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }
}

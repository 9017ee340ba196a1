import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile } from '../../data-folder.ts';
import { transact } from '../../transact.ts';
import { spanSchema, type StoredSpan } from './span.ts';

const DAY_MS = 86_400_000;
/** X-Ray keeps traces for 30 days. Here they only help today's work. */
const KEPT_MS = 7 * DAY_MS;
/** About 600 bytes each. */
const MAX_SPANS = 300_000;
/** Spans between two looks for old ones. */
const LOOK_EVERY = 5_000;
/** Spans of one trace that are returned. */
const MAX_OF_TRACE = 10_000;

export interface SpanStoreOptions {
  /** Folder of `xray.sqlite`. Without it, spans are in memory only. */
  readonly dataDir?: string | undefined;
  readonly now: () => number;
  /** @default 300,000 */
  readonly maxSpans?: number;
}

/** Spans, by trace. Losing the last ones in a power cut is fine, so nothing is synced. */
export class SpanStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #maxSpans: number;
  #untilLook = 0;

  constructor({ dataDir, now, maxSpans = MAX_SPANS }: SpanStoreOptions) {
    this.#now = now;
    this.#maxSpans = maxSpans;
    this.#database = openDatabaseFile(dataDir === undefined ? undefined : join(dataDir, 'xray.sqlite'));
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS spans (
        trace_id TEXT NOT NULL,
        span_id TEXT NOT NULL,
        arrived_at INTEGER NOT NULL,
        span TEXT NOT NULL,
        UNIQUE (trace_id, span_id)
      ) STRICT;
      CREATE INDEX IF NOT EXISTS spans_by_age ON spans (arrived_at);`);
  }

  /** Adds spans in one transaction. A span that comes again replaces the earlier one. */
  add(spans: readonly StoredSpan[]): void {
    if (spans.length === 0) return;
    const insert = this.#database.prepare('INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?)');
    const now = this.#now();
    transact(this.#database, () => {
      for (const span of spans) insert.run(span.traceId, span.spanId, now, JSON.stringify(span));
      this.#untilLook -= spans.length;
      if (this.#untilLook <= 0) this.#removeOld(now);
    });
  }

  /** The spans of a trace, in the order of their start. */
  of(traceId: string): StoredSpan[] {
    const rows = this.#database
      .prepare('SELECT span FROM spans WHERE trace_id = ? ORDER BY rowid LIMIT ?')
      .all(traceId, MAX_OF_TRACE);
    return rows
      .flatMap(({ span }) => spanSchema.safeParse(JSON.parse(String(span))).data ?? [])
      .sort((left, right) => left.startMs - right.startMs);
  }

  close(): void {
    this.#database.close();
  }

  #removeOld(now: number): void {
    this.#untilLook = LOOK_EVERY;
    this.#database.prepare('DELETE FROM spans WHERE arrived_at < ?').run(now - KEPT_MS);
    this.#database.prepare('DELETE FROM spans WHERE rowid <= (SELECT max(rowid) FROM spans) - ?').run(this.#maxSpans);
  }
}

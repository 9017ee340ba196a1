import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { positionAt } from './sequence.ts';

export interface NewRecord {
  readonly shard: number;
  readonly key: string;
  readonly data: Buffer;
}

export interface StoredRecord {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly key: string;
  readonly data: Uint8Array;
}

/** Which records of a shard to read. */
export interface ReadRange {
  /** Records after this position. */
  readonly after: number;
  /** Records that arrived at this time or later. */
  readonly since: number;
  readonly limit: number;
  readonly maxBytes: number;
}

const Row = z.object({
  position: z.number(),
  arrived_at: z.number(),
  partition_key: z.string(),
  data: z.instanceof(Uint8Array),
});
const Position = z.object({ position: z.number().nullable() });

/**
 * The records of all streams.
 * 1. Positions grow strictly over all shards and restarts, also when the clock goes back.
 * 2. What `append` returned is on disk.
 */
export class RecordLog {
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #firstSince: StatementSync;
  readonly #trim: StatementSync;
  readonly #drop: StatementSync;
  #last: number;

  /** `after` is a position that is in use elsewhere, such as the start of the newest shard. */
  constructor(database: DatabaseSync, after: number) {
    this.#insert = database.prepare(
      'INSERT INTO records (position, stream, shard, arrived_at, partition_key, data) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#read = database.prepare(`
      SELECT position, arrived_at, partition_key, data FROM records
      WHERE stream = ? AND shard = ? AND position > ? AND arrived_at >= ? ORDER BY position LIMIT ?`);
    this.#firstSince = database.prepare(
      'SELECT min(position) AS position FROM records WHERE stream = ? AND shard = ? AND arrived_at >= ?',
    );
    this.#trim = database.prepare('DELETE FROM records WHERE stream = ? AND position < ? AND arrived_at < ?');
    this.#drop = database.prepare('DELETE FROM records WHERE stream = ?');
    const stored = Position.parse(database.prepare('SELECT max(position) AS position FROM records').get());
    this.#last = Math.max(after, stored.position ?? 0);
  }

  /** The position after which the next record comes. */
  get last(): number {
    return this.#last;
  }

  /** Takes a new position. */
  next(now: number): number {
    this.#last = Math.max(this.#last + 1, positionAt(now));
    return this.#last;
  }

  /** Writes a record. The caller holds a transaction. */
  append(stream: number, { shard, key, data }: NewRecord, now: number): number {
    const position = this.next(now);
    this.#insert.run(position, stream, shard, now, key, data);
    return position;
  }

  /** Reads at least one record if there is one, then as many as the limits allow. `more` tells whether others follow. */
  read(stream: number, shard: number, range: ReadRange): { records: StoredRecord[]; more: boolean } {
    const records: StoredRecord[] = [];
    let bytes = 0;
    for (const row of this.#read.iterate(stream, shard, range.after, range.since, range.limit + 1)) {
      const { position, arrived_at: arrivedAt, partition_key: key, data } = Row.parse(row);
      bytes += data.length + Buffer.byteLength(key);
      if (records.length === range.limit || (records.length > 0 && bytes > range.maxBytes)) {
        return { records, more: true };
      }
      records.push({ position, arrivedAt, key, data });
    }
    return { records, more: false };
  }

  /** The position of the first record that arrived at `time` or later. */
  firstSince(stream: number, shard: number, time: number): number | undefined {
    return Position.parse(this.#firstSince.get(stream, shard, time)).position ?? undefined;
  }

  /** Deletes the records that arrived before `time`. A position is never below that of its time. */
  trim(stream: number, time: number): void {
    // Where the clock went back, a record has a greater position than its time and stays longer; reads skip it.
    this.#trim.run(stream, positionAt(time), time);
  }

  drop(stream: number): void {
    this.#drop.run(stream);
  }
}

import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ServiceError } from '../service.ts';
import { transact } from '../../transact.ts';
import { openDatabase } from './database.ts';
import { invalidArgument, noSuchStream } from './errors.ts';
import type { Place } from './errors.ts';
import { ShardLimits } from './limits.ts';
import { RecordLog } from './records.ts';
import type { NewRecord } from './records.ts';
import { evenStarts, HASH_KEYS, Shard } from './shard.ts';

export interface StoreOptions extends Place {
  /** Folder of `kinesis.sqlite`. Without it, streams exist in memory only. */
  readonly dataDir?: string | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

const StreamRecord = z.object({
  name: z.string(),
  createdAt: z.number(),
  mode: z.enum(['PROVISIONED', 'ON_DEMAND']),
  retentionHours: z.number(),
  maxRecordKiB: z.number(),
  /** Nothing is encrypted here: the key is only shown. */
  keyId: z.string().optional(),
  shards: z.array(Shard),
});
type StreamRecord = z.output<typeof StreamRecord>;

/** A stream. Its fields change only in `StreamStore.update`. */
export interface Stream extends StreamRecord {
  /** Unique over all streams, also of the same name. */
  readonly id: number;
  readonly arn: string;
}

const Row = z.object({ id: z.number(), record: z.string() });
const HOUR_MS = 3_600_000;
/** On AWS an on-demand stream begins with four shards. */
const ON_DEMAND_SHARDS = 4;
const TRIM_EVERY_MS = 60_000;

/**
 * All streams.
 * 1. What a method returned is on disk.
 * 2. The open shards of a stream cover each hash key exactly once.
 * 3. A record is in the shard that covered its hash key when it arrived.
 */
export class StreamStore {
  readonly place: Place;
  readonly now: () => number;
  readonly limits = new ShardLimits();
  readonly records: RecordLog;
  readonly #database: DatabaseSync;
  readonly #streams = new Map<string, Stream>();
  readonly #trimmedAt = new Map<number, number>();
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor({ dataDir, account, region, now = Date.now }: StoreOptions) {
    this.place = { account, region };
    this.now = now;
    this.#database = openDatabase(dataDir);
    for (const row of this.#database.prepare('SELECT id, record FROM streams').all()) {
      const { id, record } = Row.parse(row);
      const stored = StreamRecord.parse(JSON.parse(record));
      this.#streams.set(stored.name, { ...stored, id, arn: this.arnOf(stored.name) });
    }
    const used = [...this.#streams.values()].flatMap(({ id, shards }) => [
      id,
      ...shards.flatMap(({ opened, closed }) => [opened, closed?.position ?? 0]),
    ]);
    this.records = new RecordLog(this.#database, Math.max(0, ...used));
    for (const stream of this.#streams.values()) this.#trim(stream);
  }

  arnOf(name: string): string {
    return `arn:aws:kinesis:${this.place.region}:${this.place.account}:stream/${name}`;
  }

  /** All streams, by name. */
  list(): readonly Stream[] {
    return [...this.#streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Finds a stream by name or ARN. Throws `ResourceNotFoundException`. */
  get({ StreamName, StreamARN }: { StreamName?: string | undefined; StreamARN?: string | undefined }): Stream {
    if (StreamName === undefined && StreamARN === undefined) {
      throw invalidArgument('Either StreamName or StreamARN must be specified.');
    }
    const name = StreamName ?? StreamARN?.slice(StreamARN.indexOf(':stream/') + ':stream/'.length) ?? '';
    const stream = this.#streams.get(name);
    if (stream === undefined || (StreamARN !== undefined && StreamARN !== stream.arn)) {
      throw noSuchStream(name, this.place);
    }
    return stream;
  }

  find(name: string): Stream | undefined {
    return this.#streams.get(name);
  }

  /** Throws `ResourceInUseException` when the name is taken. */
  create(
    name: string,
    settings: { mode: Stream['mode']; shardCount?: number | undefined; maxRecordKiB: number },
  ): Stream {
    if (this.#streams.has(name)) {
      const message = `Stream ${name} under account ${this.place.account} already exists.`;
      throw new ServiceError('ResourceInUseException', message);
    }
    const now = this.now();
    const starts = evenStarts(settings.shardCount ?? ON_DEMAND_SHARDS);
    const id = this.records.next(now);
    const shards = starts.map((from, index) => ({
      index,
      from: String(from),
      to: String((starts[index + 1] ?? HASH_KEYS) - 1n),
      parents: [],
      opened: this.records.next(now),
    }));
    const { mode, maxRecordKiB } = settings;
    const stream = { id, arn: this.arnOf(name), name, createdAt: now, mode, retentionHours: 24, maxRecordKiB, shards };
    this.#save(stream);
    this.#streams.set(name, stream);
    return stream;
  }

  /** Replaces fields of a stream. */
  update(stream: Stream, change: Partial<Omit<StreamRecord, 'name' | 'createdAt'>>): Stream {
    const changed = { ...stream, ...change };
    this.#save(changed);
    this.#streams.set(stream.name, changed);
    if (change.shards !== undefined) this.#notify(stream.name);
    return changed;
  }

  delete({ id, name }: Stream): void {
    transact(this.#database, () => {
      this.records.drop(id);
      this.#database.prepare('DELETE FROM streams WHERE id = ?').run(id);
    });
    this.#streams.delete(name);
    this.#notify(name);
  }

  /** Writes records in one transaction and returns their positions. */
  append({ id, name }: Stream, records: readonly NewRecord[]): number[] {
    const now = this.now();
    const positions = transact(this.#database, () => records.map((record) => this.records.append(id, record, now)));
    const stream = this.#streams.get(name);
    if (stream !== undefined && now - (this.#trimmedAt.get(id) ?? 0) >= TRIM_EVERY_MS) this.#trim(stream);
    if (records.length > 0) this.#notify(name);
    return positions;
  }

  /** The time before which records have expired. */
  horizon({ retentionHours }: Stream): number {
    return this.now() - retentionHours * HOUR_MS;
  }

  /** Calls `listener` after each write to a stream and each change of its shards. Returns a function that ends it. */
  watch(name: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  close(): void {
    this.#database.close();
  }

  #notify(name: string): void {
    for (const listener of this.#listeners.get(name) ?? []) listener();
  }

  #save({ id, arn: _arn, ...record }: Stream): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO streams (id, name, record) VALUES (?, ?, ?)')
      .run(id, record.name, JSON.stringify(record));
  }

  /** Deletes expired records. A closed shard disappears with the last of them. */
  #trim(stream: Stream): void {
    const horizon = this.horizon(stream);
    this.#trimmedAt.set(stream.id, this.now());
    this.records.trim(stream.id, horizon);
    const shards = stream.shards.filter(({ closed }) => closed === undefined || closed.at >= horizon);
    if (shards.length < stream.shards.length) this.update(stream, { shards });
  }
}

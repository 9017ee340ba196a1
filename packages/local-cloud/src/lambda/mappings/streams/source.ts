import { createHash } from 'node:crypto';
import { noSuchStream } from '../../../services/kinesis/errors.ts';
import type { StoredRecord } from '../../../services/kinesis/records.ts';
import { positionAt } from '../../../services/kinesis/sequence.ts';
import type { Shard } from '../../../services/kinesis/shard.ts';
import type { Stream, StreamStore } from '../../../services/kinesis/store.ts';
import { FINISHED } from './checkpoints.ts';
import type { StartingPosition } from './config.ts';

export interface ReadResult {
  readonly records: readonly StoredRecord[];
  readonly more: boolean;
  /** Whether the shard is closed: when there are no more records, there will never be. */
  readonly closed: boolean;
}

/** Bytes of one read: what fits into an event. */
const MAX_BYTES = 6 * 2 ** 20;

/** A stream as its mapping reads it: in-process, and notified of each write. */
export class StreamSource {
  readonly #store: StreamStore;
  readonly #name: string;

  constructor(store: StreamStore, streamArn: string) {
    this.#store = store;
    this.#name = store.get({ StreamARN: streamArn }).name;
  }

  /** Unique over streams of the same name. */
  get id(): number {
    return this.#stream().id;
  }

  now(): number {
    return this.#store.now();
  }

  /** The time before which records have expired. */
  horizon(): number {
    return this.#store.horizon(this.#stream());
  }

  shards(): readonly Shard[] {
    return this.#stream().shards;
  }

  read(shard: number, after: number, limit: number): ReadResult {
    const stream = this.#stream();
    const range = { after, since: this.#store.horizon(stream), limit, maxBytes: MAX_BYTES };
    // A shard that has expired is read out.
    const found = stream.shards.find(({ index }) => index === shard);
    const read = this.#store.records.read(stream.id, shard, range);
    return { ...read, closed: found === undefined || found.closed !== undefined };
  }

  watch(listener: () => void): () => void {
    return this.#store.watch(this.#name, listener);
  }

  /**
   * The position in each shard at which a new mapping starts. A shard that is not in the result, such as each that appears later,
   * is read from its first record.
   */
  positions(start: StartingPosition): ReadonlyMap<number, number> {
    if (start.type === 'TRIM_HORIZON') return new Map();
    const time = start.type === 'AT_TIMESTAMP' ? start.time : this.now();
    const position = start.type === 'AT_TIMESTAMP' ? Math.max(0, positionAt(time) - 1) : this.#store.records.last;
    const startIn = ({ closed }: Shard): number => (closed !== undefined && closed.at < time ? FINISHED : position);
    return new Map(this.shards().map((shard) => [shard.index, startIn(shard)]));
  }

  #stream(): Stream {
    const stream = this.#store.find(this.#name);
    if (stream === undefined) throw noSuchStream(this.#name, this.#store.place);
    return stream;
  }
}

/** The lane of a partition key. */
export function laneOf(partitionKey: string, lanes: number): number {
  if (lanes === 1) return 0;
  return createHash('sha1').update(partitionKey, 'utf8').digest().readUInt32BE(0) % lanes;
}

import type { InvokeResult } from '../../function.ts';
import { pause } from '../pause.ts';
import type { Checkpoints } from './checkpoints.ts';
import { FINISHED } from './checkpoints.ts';
import type { StreamMappingConfig } from './config.ts';
import type { Discarded } from './discarded.ts';
import { processBatch } from './process-batch.ts';
import { laneOf } from './source.ts';
import type { StreamSource } from './source.ts';
import { batchRecord, passes, sizeInEvent, streamEvent } from './stream-event.ts';
import type { BatchRecord } from './stream-event.ts';

export interface LaneHost {
  readonly config: StreamMappingConfig;
  readonly region: string;
  readonly source: StreamSource;
  readonly checkpoints: Checkpoints;
  readonly invoke: (payload: string) => Promise<InvokeResult>;
  /** Takes the age of the last record of a batch that is about to be processed, in milliseconds. */
  readonly measureAge: (age: number) => void;
  readonly discard: (discarded: Discarded) => Promise<void>;
  /** Resolves at the next write to the stream, after `ms`, or when the signal aborts. */
  changed(ms: number | undefined, signal: AbortSignal): Promise<void>;
  readonly failed: (reason: string) => void;
}

/** One of the parts of a shard that are processed in order. */
export interface LaneId {
  readonly shard: number;
  readonly lane: number;
  readonly lanes: number;
}

interface Batch {
  readonly records: readonly BatchRecord[];
  /** The last position that was read, also of records that no filter matches. */
  readonly through: number;
  /** Whether this is the end of a closed shard. */
  readonly end: boolean;
}

/** What fits into the event of a function, less its frame. */
const MAX_EVENT_BYTES = 6_000_000;
const MAX_READ = 1000;
/** How often the checkpoint is saved while no record passes the filters. */
const SAVE_SKIPPED_MS = 1000;

/**
 * Reads one lane of a shard and processes its batches, one after the other.
 * 1. A record that passes the filters is in exactly one batch at a time, in the order of the shard.
 * 2. The checkpoint never passes a record of the lane that is neither done, discarded nor filtered.
 */
export class Lane {
  readonly #host: LaneHost;
  readonly #id: LaneId;
  #position: number;
  #savedAt = 0;

  constructor(host: LaneHost, id: LaneId, position: number) {
    this.#host = host;
    this.#id = id;
    this.#position = position;
  }

  /** Runs until the end of the shard or the abort. Returns whether it reached the end. */
  async run(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      try {
        if (await this.#next(signal)) return true;
      } catch (error) {
        if (signal.aborted) break;
        this.#host.failed(error instanceof Error ? error.message : String(error));
        await pause(1000, signal);
      }
    }
    return false;
  }

  async #next(signal: AbortSignal): Promise<boolean> {
    const batch = await this.#collect(signal);
    if (batch === undefined) return false;
    if (batch.records.length > 0 && !(await this.#process(batch.records, signal))) return false;
    this.#position = batch.through;
    if (batch.end) this.#save(FINISHED);
    else if (batch.records.length > 0 || Date.now() - this.#savedAt > SAVE_SKIPPED_MS) this.#save(batch.through);
    return batch.end;
  }

  /** Waits for a full batch, or for the end of the window that begins with its first record. */
  async #collect(signal: AbortSignal): Promise<Batch | undefined> {
    const { batchSize, batchingWindowSeconds } = this.#host.config.settings;
    const records: BatchRecord[] = [];
    let through = this.#position;
    let bytes = 0;
    let windowEnds: number | undefined;
    for (;;) {
      if (signal.aborted) return undefined;
      const read = this.#host.source.read(this.#id.shard, through, this.#readSize(batchSize - records.length));
      for (const stored of read.records) {
        const record = this.#mine(stored.key) ? batchRecord(stored, this.#id.shard) : undefined;
        if (record !== undefined && passes(record, this.#host.config.patterns)) {
          bytes += sizeInEvent(record);
          if (records.length > 0 && bytes > MAX_EVENT_BYTES) return { records, through, end: false };
          records.push(record);
        }
        through = stored.position;
        if (records.length === batchSize) return { records, through, end: false };
      }
      // Other lanes and functions go on between two reads.
      if (read.more) await new Promise(setImmediate);
      else {
        if (read.closed) return { records, through, end: true };
        if (records.length > 0) windowEnds ??= Date.now() + batchingWindowSeconds * 1000;
        const left = windowEnds === undefined ? undefined : windowEnds - Date.now();
        if (left !== undefined && left <= 0) return { records, through, end: false };
        if (records.length === 0 && through > this.#position) return { records, through, end: false };
        await this.#host.changed(left, signal);
      }
    }
  }

  /** Where lanes or filters drop records, more are read for a batch. */
  #readSize(wanted: number): number {
    const dropped = this.#id.lanes > 1 || this.#host.config.patterns.length > 0;
    return dropped ? MAX_READ : Math.min(MAX_READ, wanted);
  }

  #mine(partitionKey: string): boolean {
    return laneOf(partitionKey, this.#id.lanes) === this.#id.lane;
  }

  #process(records: readonly BatchRecord[], signal: AbortSignal): Promise<boolean> {
    const { config, region, source, invoke, measureAge, discard, failed } = this.#host;
    const { shard } = this.#id;
    return processBatch(records, {
      settings: config.settings,
      partial: config.reportBatchItemFailures,
      shard,
      signal,
      now: () => source.now(),
      horizon: () => source.horizon(),
      event: (some) => streamEvent(some, shard, config, region),
      invoke,
      attempting: (some) => measureAge(Math.max(0, source.now() - (some.at(-1)?.arrivedAt ?? source.now()))),
      discard,
      failed,
      checkpoint: (position) => {
        this.#position = position;
        this.#save(position);
      },
    });
  }

  #save(position: number): void {
    this.#savedAt = Date.now();
    this.#host.checkpoints.save(this.#host.config.uuid, this.#id.shard, this.#id.lane, position);
  }
}

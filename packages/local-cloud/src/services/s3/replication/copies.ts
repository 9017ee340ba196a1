import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { BlobStore } from '../blobs.ts';
import type { ObjectTable } from '../objects.ts';
import type { Version } from '../records.ts';
import { writeCopy } from './copy.ts';

/** What another region answered to a copy. */
export type Received = 'stored' | 'not-versioned' | 'no-such-bucket';

/** The way to the buckets of other regions. */
export interface CopyPort {
  /** The other regions. */
  readonly others: readonly string[];
  /** Milliseconds until a copy of an object that was written now arrives. */
  lagMs(to: string): number;
  /** Whether nothing reaches a region. */
  isCut(to: string): boolean;
  /** Sends a copy. Throws when the region does not answer. */
  send(to: string, copy: string, bytes: AsyncIterable<Uint8Array>, size: number): Promise<Received>;
}

export interface CopiesOptions {
  readonly database: DatabaseSync;
  readonly objects: ObjectTable;
  readonly blobs: BlobStore;
  readonly port: CopyPort;
}

const RETRY_MS = 500;

/** The copies that one bucket of another region has not got yet. */
interface Line {
  busy: boolean;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Copies objects to buckets of other regions.
 *
 * 1. A copy is noted in the transaction of its object and forgotten when it has arrived. So it arrives in the end, also after
 *    a cut or `kill -9`, and perhaps twice, which changes nothing.
 * 2. A bucket gets its copies one after the other, in the order of the writes.
 * 3. Copies are not copied again.
 */
export class Copies {
  readonly #options: CopiesOptions;
  readonly #insert: StatementSync;
  readonly #next: StatementSync;
  readonly #delete: StatementSync;
  readonly #lines = new Map<string, Line>();
  /** By bucket, once it is known. A name says nothing of its region. */
  readonly #regions = new Map<string, string>();
  #closed = false;

  constructor(options: CopiesOptions) {
    this.#options = options;
    const { database } = options;
    this.#insert = database.prepare(
      'INSERT INTO copies (destination, bucket, key, version_id, at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#next = database.prepare('SELECT * FROM copies WHERE destination = ? ORDER BY seq LIMIT 1');
    this.#delete = database.prepare('DELETE FROM copies WHERE seq = ?');
  }

  /** Notes a copy. Call it inside the transaction of the version, and `send` after it. */
  add(destination: string, { bucket, key, versionId }: Version): void {
    this.#insert.run(destination, bucket, key, versionId, Date.now());
  }

  /** Starts sending what is noted, without waiting for it. */
  send(): void {
    for (const row of this.#options.database.prepare('SELECT DISTINCT destination FROM copies').all())
      this.#wake(z.object({ destination: z.string() }).parse(row).destination);
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#lines.values()) clearTimeout(timer);
  }

  #wake(destination: string): void {
    const line = this.#lines.get(destination) ?? { busy: false, timer: undefined };
    this.#lines.set(destination, line);
    if (line.busy || line.timer !== undefined || this.#closed) return;
    line.busy = true;
    void this.#sendAll(destination).then((waitMs) => {
      line.busy = false;
      if (this.#closed || waitMs === null) return;
      line.timer = setTimeout(() => {
        line.timer = undefined;
        this.#wake(destination);
      }, waitMs).unref();
    });
  }

  /** Resolves to the time until the next attempt, or null when all have arrived. */
  async #sendAll(destination: string): Promise<number | null> {
    const { port } = this.#options;
    for (;;) {
      if (this.#closed) return null;
      const found = this.#next.get(destination);
      if (found === undefined) return null;
      const row = Row.parse(found);
      const region = this.#regions.get(destination);
      const early = row.at + port.lagMs(region ?? port.others[0] ?? '') - Date.now();
      if (early > 0) return early;
      if (!(await this.#sendOne(row).catch(() => false))) return RETRY_MS;
      if (!this.#closed) this.#delete.run(row.seq);
    }
  }

  /** Returns whether it is done. */
  async #sendOne({ destination, bucket, key, version_id: id }: z.output<typeof Row>): Promise<boolean> {
    const { objects, blobs, port } = this.#options;
    const version = objects.version(bucket, key, id);
    // It was deleted for good meanwhile.
    if (version === undefined) return true;
    const known = this.#regions.get(destination);
    for (const region of known === undefined ? port.others : [known]) {
      if (port.isCut(region)) continue;
      const bytes = blobs.read(version.blobs, 0, version.size);
      const received = await port.send(region, writeCopy(version, destination), bytes, version.size).catch(() => null);
      if (received === null || received === 'no-such-bucket') continue;
      this.#regions.set(destination, region);
      if (received === 'not-versioned')
        process.emitWarning(`S3 cannot copy ${key} to ${destination}, which is not versioned.`);
      return true;
    }
    return false;
  }
}

const Row = z.object({
  seq: z.number(),
  destination: z.string(),
  bucket: z.string(),
  key: z.string(),
  version_id: z.string(),
  at: z.number(),
});

import { mkdirSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { CallService } from '../service.ts';
import { BlobStore } from './blobs.ts';
import type { Blob } from './blobs.ts';
import { transact } from '../../transact.ts';
import { openDatabase, setCleanMark, clearCleanMark } from './database.ts';
import { noSuchBucket } from './errors.ts';
import { matchesRule } from './notifications/configuration.ts';
import { eventMessage } from './notifications/event.ts';
import type { EventName, ObjectEvent } from './notifications/event.ts';
import { Outbox } from './notifications/outbox.ts';
import { ObjectTable } from './objects.ts';
import type { Bucket, Draft, Version } from './records.ts';
import { destinationsOf } from './replication/configuration.ts';
import { Copies, type CopyPort, type Received } from './replication/copies.ts';
import type { Copy } from './replication/copy.ts';
import { UploadTable } from './uploads.ts';

export interface StoreOptions {
  /** Folder of the database file and of the objects' bytes. */
  readonly dataDir: string;
  readonly region: string;
  readonly call: CallService;
  /** The way to buckets of other regions. @default there is one region */
  readonly copyPort?: CopyPort | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** The caller of a write or removal, and its condition on the version it replaces. */
export interface Change {
  readonly principal: string;
  /** Throws if the latest version does not meet the caller's condition. A delete marker is passed as undefined. */
  readonly check?: ((current: Version | undefined) => void) | undefined;
  /** Further changes in the same transaction. */
  readonly also?: () => void;
}

export type CreationName = Exclude<EventName, `ObjectRemoved:${string}`>;

/**
 * Buckets, objects and uploads.
 *
 * 1. An object's bytes are complete on disk before its record is written, and the record is written before the response.
 * 2. A change, the check of its condition and the events it causes are one transaction.
 * 3. Bytes are deleted only after the transaction that removed their last record.
 */
export class S3Store {
  readonly objects: ObjectTable;
  readonly uploads: UploadTable;
  readonly blobs: BlobStore;
  readonly region: string;
  readonly now: () => number;
  readonly #database: DatabaseSync;
  readonly #outbox: Outbox;
  readonly #copies: Copies | undefined;

  constructor({ dataDir, region, call, copyPort: port, now }: StoreOptions) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    this.region = region;
    this.now = now ?? Date.now;
    this.#database = openDatabase(dataDir);
    this.objects = new ObjectTable(this.#database);
    this.uploads = new UploadTable(this.#database);
    this.blobs = new BlobStore(dataDir);
    this.#outbox = new Outbox(this.#database, call);
    const { objects, blobs } = this;
    this.#copies = port && new Copies({ database: this.#database, objects, blobs, port });
    if (!clearCleanMark(this.#database)) this.#sweep();
    this.#outbox.send();
    this.#copies?.send();
  }

  get hasOtherRegions(): boolean {
    return this.#copies !== undefined;
  }

  findBucket(name: string): Bucket | undefined {
    const row = this.#database.prepare('SELECT record FROM buckets WHERE name = ?').get(name);
    return row === undefined ? undefined : (JSON.parse(Row.parse(row).record) as Bucket);
  }

  bucket(name: string): Bucket {
    const bucket = this.findBucket(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }

  buckets(): Bucket[] {
    const rows = this.#database.prepare('SELECT record FROM buckets ORDER BY name').all();
    return rows.map((row) => JSON.parse(Row.parse(row).record) as Bucket);
  }

  saveBucket(bucket: Bucket): void {
    this.#database.prepare('INSERT OR REPLACE INTO buckets VALUES (?, ?)').run(bucket.name, JSON.stringify(bucket));
  }

  deleteBucket(bucket: Bucket): void {
    this.#database.prepare('DELETE FROM buckets WHERE name = ?').run(bucket.name);
  }

  /** Makes a draft the object's latest version. If it throws, the caller must delete the draft's blobs. */
  async put(
    bucketName: string,
    draft: Draft,
    event: CreationName,
    { principal, check, also }: Change,
  ): Promise<Version> {
    const { version, replaced } = this.transact(() => {
      const bucket = this.bucket(bucketName);
      this.#check(bucket, draft.key, check);
      const put = this.objects.put(bucket, draft, this.now());
      also?.();
      this.#announce(bucket, { name: event, version: put.version, time: this.now(), principal });
      this.#copy(bucket, put.version);
      return put;
    });
    this.#sendAll();
    await this.blobs.remove(replaced?.blobs ?? []);
    return version;
  }

  /** Removes an object or one version of it. If it does not exist, there is no error and no event. */
  async remove(bucketName: string, key: string, versionId: string | undefined, { principal, check }: Change) {
    const removal = this.transact(() => {
      const bucket = this.bucket(bucketName);
      this.#check(bucket, key, check);
      const done = this.objects.remove(bucket, key, versionId, this.now());
      const gone = done.marker ?? done.removed;
      const name = done.marker === undefined ? 'ObjectRemoved:Delete' : 'ObjectRemoved:DeleteMarkerCreated';
      if (gone !== undefined) this.#announce(bucket, { name, version: gone, time: this.now(), principal });
      if (done.marker !== undefined) this.#copy(bucket, done.marker);
      return done;
    });
    this.#sendAll();
    await this.blobs.remove(removal.freed);
    return removal;
  }

  /** Takes a version that another region copies to a bucket of this one. It is not copied again. */
  async receive(copy: Copy, bytes: AsyncIterable<Uint8Array>): Promise<Received> {
    const bucket = this.findBucket(copy.bucket);
    if (bucket === undefined) return 'no-such-bucket';
    if (bucket.versioning !== 'Enabled') return 'not-versioned';
    const blobs = copy.deleteMarker ? [] : [await this.blobs.write(bytes, [])];
    const stored = this.transact(() => {
      const draft = { ...copy, checksum: copy.checksum, blobs: blobs.map(({ name, size }) => ({ name, size })) };
      const version = this.objects.putCopy(bucket, draft);
      const name = copy.deleteMarker ? 'ObjectRemoved:DeleteMarkerCreated' : 'ObjectCreated:Put';
      if (version) this.#announce(bucket, { name, version, time: this.now(), principal: 's3.amazonaws.com' });
      return version;
    });
    this.#outbox.send();
    if (stored === undefined) await this.blobs.remove(blobs);
    return 'stored';
  }

  transact<T>(change: () => T): T {
    return transact(this.#database, change);
  }

  close(): void {
    this.#outbox.close();
    this.#copies?.close();
    if (this.blobs.idle) setCleanMark(this.#database);
    this.#database.close();
  }

  #sendAll(): void {
    this.#outbox.send();
    this.#copies?.send();
  }

  #copy(bucket: Bucket, version: Version): void {
    for (const destination of destinationsOf(bucket.replication, version)) this.#copies?.add(destination, version);
  }

  #check(bucket: Bucket, key: string, check: Change['check']): void {
    if (check === undefined) return;
    const latest = this.objects.latest(bucket.name, key);
    check(latest?.deleteMarker === true ? undefined : latest);
  }

  #announce(bucket: Bucket, event: ObjectEvent): void {
    for (const rule of bucket.notifications) {
      if (!matchesRule(rule, `s3:${event.name}`, event.version.key)) continue;
      this.#outbox.add(rule, bucket.name, (sequencer) => eventMessage(event, rule, this.region, sequencer));
    }
  }

  #sweep(): void {
    const used = new Set<string>();
    const addUsed = ({ name }: Blob): void => void used.add(name);
    for (const blob of this.objects.blobs()) addUsed(blob);
    for (const blob of this.uploads.blobs()) addUsed(blob);
    this.blobs.sweep(used);
  }
}

const Row = z.object({ record: z.string() });

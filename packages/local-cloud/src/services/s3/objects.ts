import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { Blob } from './blobs.ts';
import type { Bucket, Content, Draft, Version } from './records.ts';

/** The result of a removal: the deleted version, or the delete marker that now hides the object. */
export interface Removal {
  readonly removed: Version | undefined;
  readonly marker: Version | undefined;
}

/** What a copy keeps of its version in another region. */
type CopiedVersion = Pick<Version, 'versionId' | 'deleteMarker' | 'modifiedAt'>;

/** An upper bound for keys with a prefix: U+10FFFF is not an assigned character. */
const AFTER = '\u{10FFFF}';

/**
 * The versions of all objects. Call methods that change it inside a transaction.
 *
 * 1. A key has exactly one latest version while it has any versions.
 * 2. A key has at most one version `null`. Without versioning it has no other.
 * 3. The only change a version can undergo is to become or stop being the latest.
 */
export class ObjectTable {
  readonly #database: DatabaseSync;
  readonly #latest: StatementSync;
  readonly #byVersion: StatementSync;
  readonly #insert: StatementSync;
  readonly #demote: StatementSync;
  readonly #promote: StatementSync;
  readonly #delete: StatementSync;
  readonly #page: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#latest = database.prepare('SELECT * FROM objects WHERE bucket = ? AND key = ? AND latest = 1');
    this.#byVersion = database.prepare('SELECT * FROM objects WHERE bucket = ? AND key = ? AND version_id = ?');
    this.#insert = database.prepare(
      `INSERT INTO objects (bucket, key, version_id, latest, delete_marker, size, etag, modified_at, content)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)`,
    );
    this.#demote = database.prepare('UPDATE objects SET latest = 0 WHERE bucket = ? AND key = ? AND latest = 1');
    this.#promote = database.prepare(
      `UPDATE objects SET latest = 1 WHERE seq =
         (SELECT max(seq) FROM objects WHERE bucket = ? AND key = ? HAVING max(latest) = 0)`,
    );
    this.#delete = database.prepare('DELETE FROM objects WHERE bucket = ? AND key = ? AND version_id = ?');
    this.#page = database.prepare(
      `SELECT * FROM objects WHERE bucket = ? AND latest = 1 AND delete_marker = 0 AND key > ? AND key >= ? AND key < ?
       ORDER BY key LIMIT ?`,
    );
  }

  /** Returns the latest version, which may be a delete marker. */
  latest(bucket: string, key: string): Version | undefined {
    return readVersion(this.#latest.get(bucket, key));
  }

  version(bucket: string, key: string, versionId: string): Version | undefined {
    return readVersion(this.#byVersion.get(bucket, key, versionId));
  }

  /** Stores a new latest version. Returns it and the version it replaced, whose blobs can be deleted. */
  put(bucket: Bucket, draft: Draft, now: number): { version: Version; replaced: Version | undefined } {
    return this.#add(bucket, draft, false, now);
  }

  /** Stores a version of another region as the latest one, under its own id. Returns undefined if it is there already. */
  putCopy(bucket: Bucket, copy: Draft & CopiedVersion): Version | undefined {
    if (this.version(bucket.name, copy.key, copy.versionId) !== undefined) return undefined;
    return this.#add(bucket, copy, copy.deleteMarker, copy.modifiedAt, copy.versionId).version;
  }

  /** Deletes one version permanently. Without a version id it deletes the object; with versioning, by a delete marker. */
  remove(
    bucket: Bucket,
    key: string,
    versionId: string | undefined,
    now: number,
  ): Removal & { freed: readonly Blob[] } {
    if (versionId === undefined && bucket.versioning !== undefined) {
      const draft: Draft = { key, size: 0, etag: '', system: {}, metadata: {}, blobs: [], checksum: undefined };
      const { version, replaced } = this.#add(bucket, draft, true, now);
      return { removed: undefined, marker: version, freed: replaced?.blobs ?? [] };
    }
    const removed = this.version(bucket.name, key, versionId ?? 'null');
    this.#delete.run(bucket.name, key, versionId ?? 'null');
    this.#promote.run(bucket.name, key);
    return { removed, marker: undefined, freed: removed?.blobs ?? [] };
  }

  /** Returns up to `limit` objects whose keys have the prefix and come after `after`, ordered by UTF-8 bytes. */
  page(bucket: string, prefix: string, after: string, limit: number): Version[] {
    const rows = this.#page.all(bucket, after, prefix, prefix + AFTER, limit);
    return rows.flatMap((row) => readVersion(row) ?? []);
  }

  /** Returns up to `limit` versions and delete markers after a position, newest first within each key. */
  versions(
    bucket: string,
    prefix: string,
    after: { key: string; seq: number },
    limit: number,
  ): (Version & { seq: number })[] {
    const rows = this.#database
      .prepare(
        `SELECT * FROM objects WHERE bucket = ? AND key >= ? AND key < ? AND (key > ? OR (key = ? AND seq < ?))
         ORDER BY key, seq DESC LIMIT ?`,
      )
      .all(bucket, prefix, prefix + AFTER, after.key, after.key, after.seq, limit);
    return rows.flatMap((row) => {
      const version = readVersion(row);
      return version === undefined ? [] : [{ ...version, seq: Number(row['seq']) }];
    });
  }

  isEmpty(bucket: string): boolean {
    return this.#database.prepare('SELECT 1 FROM objects WHERE bucket = ? LIMIT 1').get(bucket) === undefined;
  }

  *blobs(): Generator<Blob> {
    for (const row of this.#database.prepare('SELECT * FROM objects').iterate()) yield* readVersion(row)?.blobs ?? [];
  }

  #add(
    bucket: Bucket,
    draft: Draft,
    deleteMarker: boolean,
    now: number,
    versionId = bucket.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null',
  ): { version: Version; replaced: Version | undefined } {
    const replaced = versionId === 'null' ? this.version(bucket.name, draft.key, 'null') : undefined;
    if (replaced !== undefined) this.#delete.run(bucket.name, draft.key, 'null');
    this.#demote.run(bucket.name, draft.key);
    const { key, size, etag, system, metadata, blobs, checksum } = draft;
    const content: Content = { system, metadata, blobs, checksum };
    this.#insert.run(bucket.name, key, versionId, deleteMarker ? 1 : 0, size, etag, now, JSON.stringify(content));
    const version = { ...draft, bucket: bucket.name, versionId, deleteMarker, latest: true, modifiedAt: now };
    return { version, replaced };
  }
}

const Row = z.object({
  bucket: z.string(),
  key: z.string(),
  version_id: z.string(),
  latest: z.number(),
  delete_marker: z.number(),
  size: z.number(),
  etag: z.string(),
  modified_at: z.number(),
  content: z.string(),
});

function readVersion(row: unknown): Version | undefined {
  if (row === undefined) return undefined;
  const columns = Row.parse(row);
  const content = JSON.parse(columns.content) as Content;
  return {
    bucket: columns.bucket,
    key: columns.key,
    versionId: columns.version_id,
    latest: columns.latest === 1,
    deleteMarker: columns.delete_marker === 1,
    size: columns.size,
    etag: columns.etag,
    modifiedAt: columns.modified_at,
    system: content.system,
    metadata: content.metadata,
    blobs: content.blobs,
    checksum: content.checksum,
  };
}

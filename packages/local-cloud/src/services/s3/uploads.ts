import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Blob } from './blobs.ts';
import type { Part, Upload } from './records.ts';

const Row = z.object({ record: z.string() });

/** Multipart uploads in progress and their parts. Call methods that change it inside a transaction. */
export class UploadTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  start(upload: Omit<Upload, 'id'>): Upload {
    const started = { ...upload, id: randomBytes(48).toString('base64url') };
    this.#database
      .prepare('INSERT INTO uploads VALUES (?, ?, ?, ?)')
      .run(started.id, started.bucket, started.key, JSON.stringify(started));
    return started;
  }

  find(id: string): Upload | undefined {
    return this.#one<Upload>('SELECT record FROM uploads WHERE id = ?', id);
  }

  /** Returns the uploads of a bucket, ordered by key and then by start. */
  of(bucket: string, prefix: string): Upload[] {
    return this.#all<Upload>('SELECT record FROM uploads WHERE bucket = ? ORDER BY key, rowid', bucket).filter(
      (upload) => upload.key.startsWith(prefix),
    );
  }

  part(uploadId: string, number: number): Part | undefined {
    return this.#one<Part>('SELECT record FROM parts WHERE upload_id = ? AND number = ?', uploadId, number);
  }

  parts(uploadId: string): Part[] {
    return this.#all<Part>('SELECT record FROM parts WHERE upload_id = ? ORDER BY number', uploadId);
  }

  /** Stores a part. Returns the blob of the part that it replaced. */
  putPart(uploadId: string, part: Part): Blob | undefined {
    const before = this.part(uploadId, part.number);
    this.#database
      .prepare('INSERT OR REPLACE INTO parts VALUES (?, ?, ?)')
      .run(uploadId, part.number, JSON.stringify(part));
    return before?.blob;
  }

  /** Deletes an upload's records. The caller keeps or deletes the blobs of its parts. */
  end(uploadId: string): void {
    this.#database.prepare('DELETE FROM parts WHERE upload_id = ?').run(uploadId);
    this.#database.prepare('DELETE FROM uploads WHERE id = ?').run(uploadId);
  }

  *blobs(): Generator<Blob> {
    for (const row of this.#database.prepare('SELECT record FROM parts').iterate()) {
      yield (JSON.parse(Row.parse(row).record) as Part).blob;
    }
  }

  #one<T>(sql: string, ...values: (string | number)[]): T | undefined {
    const row = this.#database.prepare(sql).get(...values);
    return row === undefined ? undefined : (JSON.parse(Row.parse(row).record) as T);
  }

  #all<T>(sql: string, ...values: (string | number)[]): T[] {
    const rows = this.#database.prepare(sql).all(...values);
    return rows.map((row) => JSON.parse(Row.parse(row).record) as T);
  }
}

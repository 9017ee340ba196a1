import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile } from '../../data-folder.ts';

/**
 * Opens `s3.sqlite` in the folder. WAL with synchronous=NORMAL: each commit reaches the operating system before the
 * response, so it survives kill -9; only a power cut can lose the last ones. Text compares by its UTF-8 bytes, the order
 * in which S3 lists keys.
 */
export function openDatabase(folder: string): DatabaseSync {
  const database = openDatabaseFile(join(folder, 's3.sqlite'));
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS objects (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      bucket TEXT NOT NULL,
      key TEXT NOT NULL,
      version_id TEXT NOT NULL,
      latest INTEGER NOT NULL,
      delete_marker INTEGER NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      modified_at INTEGER NOT NULL,
      content TEXT NOT NULL,
      UNIQUE (bucket, key, version_id)
    ) STRICT;
    CREATE UNIQUE INDEX IF NOT EXISTS latest_objects ON objects (bucket, key) WHERE latest = 1;
    CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, record TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS parts (
      upload_id TEXT NOT NULL, number INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (upload_id, number)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS copies (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      destination TEXT NOT NULL,
      bucket TEXT NOT NULL,
      key TEXT NOT NULL,
      version_id TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;`);
  return database;
}

/**
 * Clears the mark of a clean shutdown and returns whether it was set. Without the mark, there may be files without a
 * record.
 */
export function clearCleanMark(database: DatabaseSync): boolean {
  const clean = database.prepare('PRAGMA user_version').get()?.['user_version'] === 1;
  database.exec('PRAGMA user_version = 0');
  return clean;
}

export function setCleanMark(database: DatabaseSync): void {
  database.exec('PRAGMA user_version = 1');
}

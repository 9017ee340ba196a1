import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile } from '../../data-folder.ts';

/**
 * Opens `kinesis.sqlite` in the folder; without a folder it is in memory. WAL with synchronous=NORMAL: each commit reaches
 * the operating system before the response, so it survives kill -9. Only a power cut can lose the last ones.
 */
export function openDatabase(dataDir: string | undefined): DatabaseSync {
  const database = openDatabaseFile(dataDir === undefined ? undefined : join(dataDir, 'kinesis.sqlite'));
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, record TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS records (
      position INTEGER PRIMARY KEY,
      stream INTEGER NOT NULL,
      shard INTEGER NOT NULL,
      arrived_at INTEGER NOT NULL,
      partition_key TEXT NOT NULL,
      data BLOB NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS records_of_shard ON records (stream, shard, position);`);
  return database;
}

import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile } from '../../../data-folder.ts';

/**
 * Opens `metrics.sqlite` in the folder; without a folder it is in memory. WAL with synchronous=NORMAL: what was committed
 * survives kill -9.
 */
export function openDatabase(dataDir: string | undefined): DatabaseSync {
  const database = openDatabaseFile(dataDir === undefined ? undefined : join(dataDir, 'metrics.sqlite'));
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS metrics (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, unit TEXT) STRICT;
    CREATE TABLE IF NOT EXISTS buckets (
      metric INTEGER NOT NULL,
      minute INTEGER NOT NULL,
      count REAL NOT NULL,
      sum REAL NOT NULL,
      min REAL NOT NULL,
      max REAL NOT NULL,
      sketch TEXT,
      PRIMARY KEY (metric, minute)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS buckets_by_minute ON buckets (minute);
    CREATE TABLE IF NOT EXISTS alarms (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS history (
      position INTEGER PRIMARY KEY,
      alarm TEXT NOT NULL,
      at INTEGER NOT NULL,
      record TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS history_by_time ON history (at);`);
  return database;
}

import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { openDatabaseFile } from '../../data-folder.ts';
import { writeAhead } from '../../write-ahead-log/write-ahead-log.ts';
import type { KeyValueStore, Range } from 'dynalite/db/index.js';

/** Rows read at a time, so that a query that stops early reads few rows in vain. */
const PAGE = 64;

/** Keys of the definitions of tables, each of which every request reads. */
const TABLE = 'table~';

/** An upper bound for keys: no UTF-8 text sorts after it. */
const LAST = '\u{10FFFF}';

/**
 * Keys and values in SQLite. It replaces dynalite's LevelDB, where each read and write goes to another thread.
 *
 * 1. All writes of one turn of the event loop are one transaction. An item and its index entries are stored together or
 *    not at all, whenever the process dies.
 * 2. Writes are visible in this process immediately. Nothing leaves the process before `committed`: neither the writes
 *    nor the results of later reads.
 */
export class Storage {
  /** For tables of others, which write in `write`. */
  readonly database: DatabaseSync;
  /** Called for each entry that is put or deleted, in the transaction of that. */
  onWrite: ((key: string) => void) | undefined;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #forward: StatementSync;
  readonly #backward: StatementSync;
  /** What was read or written last of each definition, as JSON: dynalite changes what it is given. */
  readonly #tables = new Map<string, string>();
  /** The same, parsed and frozen. */
  readonly #definitions = new Map<string, object>();
  readonly #closeDatabase: () => Promise<void>;
  #commit: Promise<void> | undefined;

  /** Without a folder, everything is in memory. */
  constructor(folder: string | undefined) {
    const file = folder && join(folder, 'dynamodb.sqlite');
    this.database = openDatabaseFile(file);
    this.#closeDatabase = writeAhead(this.database, file);
    this.database.exec(`
      CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`);
    this.#get = this.database.prepare('SELECT value FROM entries WHERE key = ?');
    this.#put = this.database.prepare(`
      INSERT INTO entries (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
    this.#delete = this.database.prepare('DELETE FROM entries WHERE key = ?');
    const page = 'SELECT key, value FROM entries WHERE key >= ? AND key <= ? ORDER BY key';
    this.#forward = this.database.prepare(`${page} LIMIT ${PAGE}`);
    this.#backward = this.database.prepare(`${page} DESC LIMIT ${PAGE}`);
  }

  get(key: string): unknown {
    const known = this.#tables.get(key);
    if (known !== undefined) return JSON.parse(known);
    const row = this.#get.get(key);
    if (row === undefined) return undefined;
    const value = String(row['value']);
    if (key.startsWith(TABLE)) this.#tables.set(key, value);
    return JSON.parse(value);
  }

  /** The definition of a table, for those who only read it. */
  definition(table: string): object | undefined {
    const key = `${TABLE}${table}`;
    const known = this.#definitions.get(key);
    if (known !== undefined) return known;
    const read = this.get(key);
    if (typeof read !== 'object' || read === null) return undefined;
    this.#definitions.set(key, frozen(read));
    return read;
  }

  put(key: string, value: unknown): void {
    this.#begin();
    const json = JSON.stringify(value);
    this.#put.run(key, json);
    if (key.startsWith(TABLE)) {
      this.#tables.set(key, json);
      this.#definitions.delete(key);
    }
    this.onWrite?.(key);
  }

  delete(key: string): void {
    this.#begin();
    this.#delete.run(key);
    this.#tables.delete(key);
    this.#definitions.delete(key);
    this.onWrite?.(key);
  }

  /** The stored JSON of an entry. */
  text(key: string): string | undefined {
    const value = this.#get.get(key)?.['value'];
    return value === undefined ? undefined : String(value);
  }

  /** Makes a change of the database a part of this turn's transaction. */
  write(change: () => void): void {
    this.#begin();
    change();
  }

  /** Yields entries ordered by the bytes of their keys, reading a page at a time. */
  *range({ gt, gte = gt ?? '', lt, lte = lt ?? LAST, reverse = false, limit = Infinity }: Range) {
    let [first, last, remaining] = [gte, lte, limit < 0 ? Infinity : limit];
    let previous: string | undefined;
    for (;;) {
      const rows = (reverse ? this.#backward : this.#forward).all(first, last);
      for (const row of rows) {
        const key = String(row['key']);
        if (key === gt || key === lt || key === previous) continue;
        if (remaining-- <= 0) return;
        yield { key, value: String(row['value']) };
      }
      if (rows.length < PAGE) return;
      previous = String(rows.at(-1)?.['key']);
      if (reverse) last = previous;
      else first = previous;
    }
  }

  /** Resolves when everything written so far is on disk. */
  async committed(): Promise<void> {
    await this.#commit;
  }

  async close(): Promise<void> {
    await this.#commit;
    await this.#closeDatabase();
  }

  #begin(): void {
    if (this.#commit !== undefined) return;
    this.database.exec('BEGIN');
    this.#commit = new Promise((resolve) => {
      setImmediate(() => {
        this.#commit = undefined;
        this.database.exec('COMMIT');
        resolve();
      });
    });
  }
}

function frozen<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part as object);
  return Object.freeze(value);
}

/** Replaces the storage operations of dynalite's database by ours. */
export function useStorage(db: KeyValueStore, storage: Storage): void {
  Object.assign(db, {
    get: (key, done) => process.nextTick(done, null, storage.get(key)),
    put: (key, value, done) => {
      storage.put(key, value);
      process.nextTick(done, null);
    },
    del: (key, done) => {
      storage.delete(key);
      process.nextTick(done, null);
    },
    batch: (operations, done) => {
      for (const { type, key, value } of operations) {
        if (type === 'put') storage.put(key, value);
        else storage.delete(key);
      }
      process.nextTick(done, null);
    },
    createKeyStream: (range = {}) => Readable.from(storage.range(range).map(({ key }) => key)),
    createValueStream: (range = {}) =>
      Readable.from(storage.range(range).map(({ value }) => JSON.parse(value) as unknown)),
  } satisfies KeyValueStore);
}

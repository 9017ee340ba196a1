import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { FIRST, type StoredVersion } from './version.ts';

/** An item that some regions do not have yet. */
export interface Undelivered {
  readonly key: string;
  readonly at: number;
  readonly regions: readonly string[];
}

/**
 * The versions of replicated items and the outbox, in the database of the items, so that an item, its version and the regions
 * that must get it are one transaction.
 *
 * 1. A row is kept until every region has the item and nothing older than that can arrive any more.
 * 2. A deleted item keeps its row until then too, or an older version that arrives late would bring it back.
 */
export class Versions {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #settle: StatementSync;

  constructor(database: DatabaseSync) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS versions (
        key TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        region TEXT NOT NULL,
        seen TEXT NOT NULL,
        met TEXT,
        -- Names of the regions that do not have it, as a JSON array.
        undelivered TEXT NOT NULL,
        -- When all regions had it.
        settled INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS replicas (
        name TEXT NOT NULL, region TEXT NOT NULL, PRIMARY KEY (name, region)) STRICT, WITHOUT ROWID`);
    this.#database = database;
    this.#get = database.prepare('SELECT at, region, seen, met FROM versions WHERE key = ?');
    this.#put = database.prepare(`
      INSERT INTO versions (key, at, region, seen, met, undelivered, settled) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET at = excluded.at, region = excluded.region, seen = excluded.seen, met = excluded.met,
        undelivered = iif(excluded.undelivered = '[]', undelivered, excluded.undelivered), settled = excluded.settled`);
    this.#settle = database.prepare('UPDATE versions SET undelivered = ?, settled = ? WHERE key = ?');
  }

  get(key: string): StoredVersion | undefined {
    const row = this.#get.get(key);
    if (row === undefined) return undefined;
    const version = { at: Number(row['at']), by: String(row['region']), seen: seenIn(row['seen']) };
    return row['met'] === null ? version : { ...version, met: seenIn(row['met']) };
  }

  /** Stores a version. With no `regions`, those that wait for the item keep waiting, for this version now. */
  put(key: string, { at, by, seen, met }: StoredVersion, regions: readonly string[], now: number): void {
    const known = met === undefined ? null : JSON.stringify(met);
    this.#put.run(key, at, by, JSON.stringify(seen), known, JSON.stringify(regions), now);
  }

  /** Notes which regions still do not have the item. */
  settle(key: string, regions: readonly string[], now: number): void {
    this.#settle.run(JSON.stringify(regions), now, key);
  }

  /** What an earlier process did not deliver. */
  *undelivered(): Generator<Undelivered, void, undefined> {
    const rows = this.#database
      .prepare("SELECT key, at, undelivered FROM versions WHERE undelivered != '[]'")
      .iterate();
    for (const { key, at, undelivered } of rows) {
      yield { key: String(key), at: Number(at), regions: JSON.parse(String(undelivered)) as string[] };
    }
  }

  /** The other regions of each table that was replicated before. */
  replicas(): ReadonlyMap<string, readonly string[]> {
    const rows = this.#database.prepare('SELECT name, region FROM replicas').all();
    const byTable = Map.groupBy(rows, ({ name }) => String(name));
    return new Map([...byTable].map(([table, rows]) => [table, rows.map(({ region }) => String(region))]));
  }

  /** Adds a replica of a table. At its first time, everything that the table has is yet to be delivered there. */
  addReplica(table: string, prefix: string, region: string, here: string): void {
    const added = this.#database.prepare('INSERT OR IGNORE INTO replicas (name, region) VALUES (?, ?)');
    if (added.run(table, region).changes === 0) return;
    const range = [prefix, `${prefix}\u{10FFFF}`];
    this.#database
      .prepare(`
        INSERT OR IGNORE INTO versions (key, at, region, seen, undelivered, settled)
        SELECT key, ${FIRST}, ?, '{}', '[]', 0 FROM entries WHERE key >= ? AND key <= ?`)
      .run(here, ...range);
    this.#database
      .prepare(`
        UPDATE versions SET undelivered = json_insert(undelivered, '$[#]', ?) WHERE key >= ? AND key <= ?`)
      .run(region, ...range);
  }

  /** Deletes rows of items that all regions had at `known` or before: nothing older can arrive. Returns their number. */
  prune(known: number): number {
    const prune = this.#database.prepare("DELETE FROM versions WHERE undelivered = '[]' AND settled <= ?");
    return Number(prune.run(known).changes);
  }
}

const seenIn = (text: unknown): StoredVersion['seen'] => JSON.parse(String(text)) as StoredVersion['seen'];

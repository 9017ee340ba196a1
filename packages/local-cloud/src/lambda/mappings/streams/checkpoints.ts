import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { openDatabaseFile } from '../../../data-folder.ts';
import { transact } from '../../../transact.ts';

/** The position of a lane that has read its closed shard to the end. */
export const FINISHED = Number.MAX_SAFE_INTEGER;

const Source = z.object({ source: z.string() });
const Lane = z.object({ lane: z.number(), lanes: z.number(), position: z.number() });

/**
 * How far each mapping has read, by shard and lane. A lane has the partition keys of one batch at a time.
 * 1. A position that `save` wrote survives kill -9.
 * 2. A mapping whose stream was deleted and created again starts from scratch.
 * 3. When the number of lanes changes, all start at the oldest position: records may come again, none is skipped.
 */
export class Checkpoints {
  readonly #database: DatabaseSync;

  constructor(file: string | undefined) {
    this.#database = openDatabaseFile(file);
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS sources (mapping TEXT PRIMARY KEY, source TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS lanes (
        mapping TEXT NOT NULL, shard INTEGER NOT NULL, lane INTEGER NOT NULL, lanes INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (mapping, shard, lane)
      ) STRICT;`);
  }

  /** Whether the mapping has read this source before. If not, it gets these positions, by shard. */
  begin(mapping: string, source: string, positions: () => ReadonlyMap<number, number>): void {
    const row = this.#database.prepare('SELECT source FROM sources WHERE mapping = ?').get(mapping);
    if (row !== undefined && Source.parse(row).source === source) return;
    transact(this.#database, () => {
      this.#database.prepare('DELETE FROM lanes WHERE mapping = ?').run(mapping);
      for (const [shard, position] of positions()) this.#write(mapping, shard, [position]);
      this.#database.prepare('INSERT OR REPLACE INTO sources (mapping, source) VALUES (?, ?)').run(mapping, source);
    });
  }

  /** The position of each of `count` lanes. A shard without a checkpoint starts at its first record. */
  lanes(mapping: string, shard: number, count: number): number[] {
    const stored = this.#lanesOf(mapping, shard);
    if (stored.length === count && stored[0]?.lanes === count) return stored.map(({ position }) => position);
    const oldest = stored.length === 0 ? 0 : Math.min(...stored.map(({ position }) => position));
    const positions = Array.from({ length: count }, () => oldest);
    transact(this.#database, () => this.#write(mapping, shard, positions));
    return positions;
  }

  /** Whether all lanes have read the shard to its end. */
  isFinished(mapping: string, shard: number): boolean {
    const stored = this.#lanesOf(mapping, shard);
    return stored.length > 0 && stored.every(({ position }) => position === FINISHED);
  }

  save(mapping: string, shard: number, lane: number, position: number): void {
    this.#database
      .prepare('UPDATE lanes SET position = ? WHERE mapping = ? AND shard = ? AND lane = ?')
      .run(position, mapping, shard, lane);
  }

  close(): void {
    this.#database.close();
  }

  #lanesOf(mapping: string, shard: number) {
    const rows = this.#database
      .prepare('SELECT lane, lanes, position FROM lanes WHERE mapping = ? AND shard = ? ORDER BY lane')
      .all(mapping, shard);
    return rows.map((row) => Lane.parse(row));
  }

  #write(mapping: string, shard: number, positions: readonly number[]): void {
    this.#database.prepare('DELETE FROM lanes WHERE mapping = ? AND shard = ?').run(mapping, shard);
    const insert = this.#database.prepare(
      'INSERT INTO lanes (mapping, shard, lane, lanes, position) VALUES (?, ?, ?, ?, ?)',
    );
    for (const [lane, position] of positions.entries()) insert.run(mapping, shard, lane, positions.length, position);
  }
}

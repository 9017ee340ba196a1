import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { openDatabaseFile } from '../../data-folder.ts';
import type { FrameState } from '../../asl/frame-state.ts';
import { SCHEMA } from './tables.ts';

/**
 * All data that survives a restart, in one SQLite file.
 *
 * Invariants
 * 1. Writes are collected and written in one transaction per turn of the event loop: all writes of a turn, or none.
 * 2. A frame is written in its state at that moment, so each transaction is a consistent snapshot.
 * 3. A read sees every earlier write.
 * 4. `commit()` resolves when all earlier writes survive the death of this process. (They have reached the operating
 *    system. A power cut can lose the last ones, as with any SQLite WAL that is not synced on each commit.)
 * 5. After `close()` nothing is written and no commit resolves. Whatever was running has stopped.
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #writes: { readonly sql: string; readonly values: readonly SQLInputValue[] }[] = [];
  #frames = new Map<number, Map<string, FrameState>>();
  #waiting: (() => void)[] = [];
  #scheduled = false;
  #closed = false;

  /** `dataDir` is the folder of the file. Without it, the store is in memory. */
  constructor(dataDir: string | undefined) {
    this.#database = openDatabaseFile(dataDir && join(dataDir, 'stepfunctions.sqlite'));
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.#database.exec(SCHEMA);
  }

  /** Adds a write to the next commit. */
  write(sql: string, values: readonly SQLInputValue[]): void {
    this.#writes.push({ sql, values });
    this.#schedule();
  }

  /** Adds a frame to the next commit. Only its newest state is written. */
  saveFrame(execution: number, path: string, state: FrameState): void {
    let frames = this.#frames.get(execution);
    if (frames === undefined) this.#frames.set(execution, (frames = new Map<string, FrameState>()));
    frames.set(path, state);
    this.#schedule();
  }

  /** Deletes the frames below a path, and with `self` also the frame itself. */
  deleteFrames(execution: number, path: string, self = false): void {
    const frames = this.#frames.get(execution);
    for (const key of frames?.keys() ?? []) {
      if (key.startsWith(`${path}/`) || (self && key === path)) frames?.delete(key);
    }
    // '0' follows '/' in ASCII, so the range contains exactly the paths below.
    this.write('DELETE FROM frames WHERE execution = ? AND path > ? AND path < ?', [execution, `${path}/`, `${path}0`]);
    if (self) this.write('DELETE FROM frames WHERE execution = ? AND path = ?', [execution, path]);
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    this.#flush();
    return this.#prepare(sql).all(...values) as Row[];
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    this.#flush();
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  commit(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  /** Writes the collected changes and closes the file. */
  close(): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#database.close();
  }

  #schedule(): void {
    if (this.#closed || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#end());
  }

  #end(): void {
    this.#scheduled = false;
    if (this.#closed) return;
    this.#flush();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #flush(): void {
    if (this.#closed || (this.#writes.length === 0 && this.#frames.size === 0)) return;
    this.#database.exec('BEGIN');
    try {
      this.#writeAll();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#writes = [];
    this.#frames.clear();
  }

  #writeAll(): void {
    for (const { sql, values } of this.#writes) this.#prepare(sql).run(...values);
    const upsert = this.#prepare('INSERT OR REPLACE INTO frames (execution, path, state) VALUES (?, ?, ?)');
    for (const [execution, frames] of this.#frames) {
      for (const [path, state] of frames) upsert.run(execution, path, JSON.stringify(state));
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

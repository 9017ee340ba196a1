import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { transact } from '../../../transact.ts';
import type { AlarmStatus } from './alarm.ts';

const statusSchema = z.object({
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  reason: z.string(),
  reasonData: z.string(),
  since: z.number(),
  updatedAt: z.number(),
});

const historySchema = z.object({
  type: z.enum(['StateUpdate', 'Action', 'ConfigurationUpdate']),
  summary: z.string(),
  data: z.string(),
});

/** An entry of an alarm's history. */
export interface HistoryEntry extends z.output<typeof historySchema> {
  readonly alarm: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** CloudWatch keeps the history of alarms for 30 days. */
const HISTORY_MS = 30 * 24 * 60 * 60_000;

/** The states and the history of alarms on disk, so that a later start continues and reports nothing twice. */
export class AlarmRecords {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  statusOf(alarm: string): AlarmStatus | undefined {
    const row = this.#database.prepare('SELECT record FROM alarms WHERE name = ?').get(alarm);
    return row === undefined ? undefined : statusSchema.parse(JSON.parse(String(row['record'])));
  }

  /** Saves a status with the entries of its history, as one. */
  save(alarm: string, status: AlarmStatus, entries: readonly HistoryEntry[]): void {
    transact(this.#database, () => {
      this.#database
        .prepare('INSERT OR REPLACE INTO alarms (name, record) VALUES (?, ?)')
        .run(alarm, JSON.stringify(status));
      for (const entry of entries) this.#append(entry);
    });
  }

  append(entry: HistoryEntry): void {
    this.#append(entry);
  }

  remove(alarm: string): void {
    this.#database.prepare('DELETE FROM alarms WHERE name = ?').run(alarm);
  }

  /** The history in a span of time, newest first. */
  history(from: number, to: number): readonly HistoryEntry[] {
    return this.#database
      .prepare('SELECT alarm, at, record FROM history WHERE at >= ? AND at <= ? ORDER BY position DESC')
      .all(from, to)
      .map(({ alarm, at, record }) => ({
        ...historySchema.parse(JSON.parse(String(record))),
        alarm: String(alarm),
        at: Number(at),
      }));
  }

  prune(now: number): void {
    this.#database.prepare('DELETE FROM history WHERE at < ?').run(now - HISTORY_MS);
  }

  #append({ alarm, at, type, summary, data }: HistoryEntry): void {
    this.#database
      .prepare('INSERT INTO history (alarm, at, record) VALUES (?, ?, ?)')
      .run(alarm, at, JSON.stringify({ type, summary, data }));
  }
}

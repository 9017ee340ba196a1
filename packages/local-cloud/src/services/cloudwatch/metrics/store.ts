import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { addValue, mergeBuckets } from './bucket.ts';
import type { Bucket } from './bucket.ts';
import { transact } from '../../../transact.ts';
import { metricKey, metricOfKey, minuteOf } from './metric.ts';
import type { MetricId, Sample, Window } from './metric.ts';
import { decodeSketch, encodeSketch } from './sketch-text.ts';

export interface MetricStoreOptions {
  readonly database: DatabaseSync;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Above this number a further metric is dropped, so that a dimension with endless values cannot fill the disk. */
const MAX_METRICS = 20_000;
/** Minutes that keep their own values. Afterwards five minutes are kept together. */
const FINE_MINUTES = 6 * 60;
const COARSE = 5;
/** Minutes after which values are deleted: the longest that an alarm looks back, which is seven days, and a day. */
const MAX_MINUTES = 8 * 24 * 60;
/** CloudWatch rejects values that are older or further in the future. */
const MAX_AGE_MINUTES = 14 * 24 * 60;
const MAX_AHEAD_MINUTES = 2 * 60;

interface Row {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly sketch?: string | null;
}

interface PeriodRow extends Row {
  readonly period: number;
}

interface StoredRow extends Row {
  readonly metric: number;
  readonly minute: number;
}

/**
 * The values of all metrics, by minute.
 *
 * 1. What `add` got is in every later `read`. It is on disk after the next `flush`.
 * 2. A metric's values of a minute are kept as count, sum, minimum, maximum and a distribution of bounded size.
 * 3. The number of metrics and the age of values are bounded.
 */
export class MetricStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #ids = new Map<string, number>();
  readonly #pending = new Map<string, Map<number, Bucket>>();
  readonly #units = new Map<string, string>();
  readonly #selectPeriods: StatementSync;
  readonly #selectSketches: StatementSync;
  readonly #selectOne: StatementSync;
  readonly #put: StatementSync;
  readonly #register: StatementSync;
  #dropped = 0;
  #late = false;

  constructor({ database, now }: MetricStoreOptions) {
    this.#database = database;
    this.#now = now;
    for (const { id, key, unit } of database.prepare('SELECT id, key, unit FROM metrics').all()) {
      this.#ids.set(String(key), Number(id));
      if (unit !== null) this.#units.set(String(key), String(unit));
    }
    const columns = 'minute, count, sum, min, max, sketch';
    const within = 'FROM buckets WHERE metric = ?3 AND minute >= ?1 AND minute < ?4';
    this.#selectPeriods = database.prepare(
      `SELECT CAST((minute - ?1) / ?2 AS INTEGER) AS period, total(count) AS count, total(sum) AS sum, min(min) AS min, max(max) AS max
       ${within} GROUP BY 1`,
    );
    this.#selectSketches = database.prepare(
      `SELECT CAST((minute - ?1) / ?2 AS INTEGER) AS period, count, sum, min, max, sketch ${within}`,
    );
    this.#selectOne = database.prepare(`SELECT ${columns} FROM buckets WHERE metric = ? AND minute = ?`);
    this.#put = database.prepare(`INSERT OR REPLACE INTO buckets (metric, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#register = database.prepare('INSERT INTO metrics (key, unit) VALUES (?, ?)');
  }

  /** The number of values that were dropped because there are too many metrics. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a value. One that is not a finite number, too old or too far in the future is dropped, as on AWS. */
  add(sample: Sample): void {
    const now = this.#now();
    const minute = minuteOf(sample.at ?? now);
    const age = minuteOf(now) - minute;
    if (!Number.isFinite(sample.value) || age > MAX_AGE_MINUTES || age < -MAX_AHEAD_MINUTES) return;
    const key = metricKey(sample);
    const minutes = this.#minutesOf(key);
    if (minutes === undefined) return void this.#dropped++;
    if (age > 0) this.#late = true;
    if (sample.unit !== undefined) this.#units.set(key, sample.unit);
    minutes.set(minute, addValue(minutes.get(minute), sample.value, sample.count));
  }

  /** The values of a metric by period. Without `needsSketch` their distribution is missing. */
  read(metric: MetricId, { from, period, count }: Window, needsSketch: boolean): (Bucket | undefined)[] {
    const key = metricKey(metric);
    const id = this.#ids.get(key);
    const periods: (Bucket | undefined)[] = Array.from({ length: count }, () => undefined);
    const to = from + period * count;
    if (id !== undefined) {
      const rows = (needsSketch ? this.#selectSketches : this.#selectPeriods).all(from, period, id, to);
      for (const row of rows as unknown as PeriodRow[])
        periods[row.period] = mergeBuckets(periods[row.period], bucketOf(row));
    }
    for (const [minute, bucket] of this.#pending.get(key) ?? []) {
      const index = Math.floor((minute - from) / period);
      if (index >= 0 && index < count) periods[index] = mergeBuckets(periods[index], bucket);
    }
    return periods;
  }

  /** Whether values of minutes that had ended were added since the last call. */
  takeLate(): boolean {
    const late = this.#late;
    this.#late = false;
    return late;
  }

  /** All metrics that have or had values. */
  list(): readonly MetricId[] {
    return [...new Set([...this.#ids.keys(), ...this.#pending.keys()])].map(metricOfKey);
  }

  /** The unit that came with the first value of a metric, if one did. */
  unitOf(metric: MetricId): string | undefined {
    return this.#units.get(metricKey(metric));
  }

  /** Writes to disk what came since the last time. */
  flush(): void {
    if (this.#pending.size === 0) return;
    transact(this.#database, () => {
      for (const [key, minutes] of this.#pending) {
        const id = this.#idOf(key);
        for (const [minute, bucket] of minutes) this.#save(id, minute, mergeBuckets(this.#load(id, minute), bucket));
      }
    });
    this.#pending.clear();
  }

  /** Keeps older values by five minutes, and deletes the oldest. */
  prune(): void {
    this.flush();
    const minute = minuteOf(this.#now());
    const fine = Math.floor((minute - FINE_MINUTES) / COARSE) * COARSE;
    transact(this.#database, () => {
      this.#database.prepare('DELETE FROM buckets WHERE minute < ?').run(minute - MAX_MINUTES);
      const old = this.#database
        .prepare(
          `SELECT metric, minute, count, sum, min, max, sketch FROM buckets WHERE minute < ? AND minute % ${COARSE} <> 0`,
        )
        .all(fine) as unknown as StoredRow[];
      const remove = this.#database.prepare('DELETE FROM buckets WHERE metric = ? AND minute = ?');
      for (const row of old) {
        const to = row.minute - (row.minute % COARSE);
        this.#save(row.metric, to, mergeBuckets(this.#load(row.metric, to), bucketOf(row)));
        remove.run(row.metric, row.minute);
      }
      this.#forgetEmpty();
    });
  }

  #minutesOf(key: string): Map<number, Bucket> | undefined {
    const known = this.#pending.get(key);
    if (known !== undefined) return known;
    if (!this.#ids.has(key) && this.#ids.size + this.#pending.size >= MAX_METRICS) return undefined;
    const minutes = new Map<number, Bucket>();
    this.#pending.set(key, minutes);
    return minutes;
  }

  #idOf(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = Number(this.#register.run(key, this.#units.get(key) ?? null).lastInsertRowid);
    this.#ids.set(key, id);
    return id;
  }

  #load(id: number, minute: number): Bucket | undefined {
    const row = this.#selectOne.get(id, minute) as unknown as Row | undefined;
    return row === undefined ? undefined : bucketOf(row);
  }

  #save(id: number, minute: number, { count, sum, min, max, sketch }: Bucket): void {
    this.#put.run(id, minute, count, sum, min, max, sketch === undefined ? null : encodeSketch(sketch));
  }

  #forgetEmpty(): void {
    const empty = 'NOT EXISTS (SELECT 1 FROM buckets WHERE metric = metrics.id)';
    for (const { key } of this.#database.prepare(`SELECT key FROM metrics WHERE ${empty}`).all())
      this.#ids.delete(String(key));
    this.#database.exec(`DELETE FROM metrics WHERE ${empty}`);
  }
}

function bucketOf({ count, sum, min, max, sketch }: Row): Bucket {
  return { count, sum, min, max, sketch: sketch ? decodeSketch(sketch) : undefined };
}

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  batchSchema,
  createSchema,
  resultSchema,
  type Batch,
  type BatchJob,
  type Entry,
  type Result,
} from './batch.ts';

/**
 * The batches, in memory and, with a data folder, in `claude-batches/<id>/`. Invariants:
 *
 * 1. A batch is on disk before the response to its creation. A half-written batch had no response and is dropped.
 * 2. A result is appended before the next entry is processed, so a restart continues after it.
 */
export class BatchStore {
  readonly #folder: string | null;
  readonly #jobs = new Map<string, BatchJob>();

  constructor(dataDir: string | undefined) {
    this.#folder = dataDir === undefined ? null : join(dataDir, 'claude-batches');
    if (this.#folder === null || !existsSync(this.#folder)) return;
    const read = readdirSync(this.#folder).flatMap((id) => readJob(join(this.#folder ?? '', id)));
    for (const job of read.toSorted((a, b) => a.batch.number - b.batch.number)) this.#jobs.set(job.batch.id, job);
  }

  get(id: string): BatchJob | undefined {
    return this.#jobs.get(id);
  }

  /** All batches, newest first. */
  newestFirst(): BatchJob[] {
    return [...this.#jobs.values()].toReversed();
  }

  add(batch: Omit<Batch, 'number'>, entries: readonly Entry[]): BatchJob {
    const number = (this.newestFirst()[0]?.batch.number ?? 0) + 1;
    const job: BatchJob = { batch: { ...batch, number }, entries, results: [] };
    if (this.#folder !== null) {
      mkdirSync(join(this.#folder, batch.id), { recursive: true, mode: 0o700 });
      writeFileSync(join(this.#folder, batch.id, 'requests.json'), JSON.stringify({ requests: entries }), {
        mode: 0o600,
      });
    }
    this.#write(job.batch);
    this.#jobs.set(batch.id, job);
    return job;
  }

  change(job: BatchJob, change: Partial<Pick<Batch, 'cancelledAt' | 'endedAt'>>): void {
    job.batch = { ...job.batch, ...change };
    this.#write(job.batch);
  }

  addResult(job: BatchJob, result: Result): void {
    if (this.#folder !== null)
      appendFileSync(join(this.#folder, job.batch.id, 'results.jsonl'), `${JSON.stringify(result)}\n`, {
        mode: 0o600,
      });
    job.results.push(result);
  }

  delete(id: string): void {
    this.#jobs.delete(id);
    if (this.#folder !== null) rmSync(join(this.#folder, id), { recursive: true, force: true });
  }

  /** Writes by rename, so that a reader finds either the old version or the new one. */
  #write(batch: Batch): void {
    if (this.#folder === null) return;
    const file = join(this.#folder, batch.id, 'batch.json');
    writeFileSync(`${file}.new`, JSON.stringify(batch), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

function readJob(folder: string): BatchJob[] {
  if (!existsSync(join(folder, 'batch.json'))) return [];
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const batch = batchSchema.parse(JSON.parse(read('batch.json')));
  const { requests } = createSchema.parse(JSON.parse(read('requests.json')));
  const lines = existsSync(join(folder, 'results.jsonl')) ? read('results.jsonl').split('\n') : [];
  // A crash can leave half a line after the last line break.
  const results = z.array(resultSchema).parse(lines.slice(0, -1).map((line): unknown => JSON.parse(line)));
  return [{ batch, entries: requests, results }];
}

import { z } from 'zod';
import { objectInputSchema } from '#core/agents/object-input.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { MANIFEST } from '#core/uploads/upload.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { startOf } from '#core/text/text.ts';
import { readResultRows, type ResultRow, type ResultsRef } from './result-files.ts';

/** A run, and where its Distributed Map wrote its results. */
export interface RunToRead {
  readonly runId: string;
  readonly uploadId: string;
  /** The bucket of the uploads. */
  readonly bucket: string;
  /** Null when the map aborted before it wrote any. */
  readonly results: ResultsRef | null;
  /** Why the map aborted. Null when it did not. */
  readonly mapError: MapError | null;
}

export const mapErrorSchema = z.object({ error: z.string(), cause: z.string().default('') });
export type MapError = z.infer<typeof mapErrorSchema>;

/** One document of a run, with its outcome. */
export interface RunDocument {
  readonly key: string;
  /** Null when none was created or found. */
  readonly task: Task | null;
  /** Why there is no finished task, as far as the run knows. */
  readonly reason: string | null;
}

interface Sources {
  readonly artifacts: Artifacts;
  readonly store: TaskStore;
}

/**
 * Reads every document of a run, ordered by key. Compares the map's results with the upload itself, so that no document
 * is missing however the run ended. A document without a result is looked up among the run's finished tasks.
 */
export async function readRunDocuments(sources: Sources, run: RunToRead): Promise<RunDocument[]> {
  const rows = run.results ? await readResultRows(sources.artifacts, run.results) : [];
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const keys = new Set(byKey.keys());
  for await (const key of uploadedKeys(sources.artifacts, run)) keys.add(key);

  const tasks = await tasksOf(sources.store, [...byKey.values()]);
  const orphans = [...keys].filter((key) => !byKey.get(key)?.taskId);
  const found = orphans.length === 0 ? new Map<string, Task>() : await tasksByKey(sources.store, run.runId);
  return [...keys].toSorted().map((key) => {
    const row = byKey.get(key);
    const task = (row?.taskId ? tasks.get(row.taskId) : found.get(key)) ?? null;
    return { key, task, reason: row ? row.reason : notProcessed(run) };
  });
}

/** The documents of an upload: its objects, except the manifest and the folder markers that consoles create. */
async function* uploadedKeys(artifacts: Artifacts, { bucket, uploadId }: RunToRead): AsyncGenerator<string> {
  const prefix = `uploads/${uploadId}/`;
  for await (const { key } of artifacts.list(bucket, prefix)) {
    if (key !== `${prefix}${MANIFEST}` && !key.endsWith('/')) yield key;
  }
}

function notProcessed({ mapError }: RunToRead): string {
  if (!mapError)
    return 'It was not processed: it arrived after the run had started and belongs to the next run. An upload with maxUsd has no next run: upload the document again as another upload.';
  if (mapError.error === 'Run.Cancelled')
    return 'It was not processed: the run was cancelled. Retry the failed documents to go on.';
  const why = [mapError.error, startOf(mapError.cause, 200)].filter((part) => part !== '').join(': ');
  return `It was not processed: the run aborted (${why}). Fix the cause, then retry the failed documents.`;
}

/** Tasks per read. DynamoDB's BatchGetItem accepts 100 keys. */
const CHUNK = 100;
const READS_AT_ONCE = 8;

export async function tasksOf(
  store: Pick<TaskStore, 'getMany'>,
  rows: readonly Pick<ResultRow, 'taskId'>[],
): Promise<Map<TaskId, Task>> {
  const ids = [...new Set(rows.map(({ taskId }) => taskId).filter((id) => id !== null))];
  const chunks = Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, i) => ids.slice(i * CHUNK, (i + 1) * CHUNK));
  const tasks = await inParallel(chunks, (chunk) => store.getMany(chunk), READS_AT_ONCE);
  return new Map(tasks.flat().map((task) => [task.id, task]));
}

/** The run's finished tasks, by the key of their object. */
async function tasksByKey(store: TaskStore, runId: string): Promise<Map<string, Task>> {
  const rows: { taskId: TaskId }[] = [];
  for await (const { id } of store.finishedInRun(runId, 0)) rows.push({ taskId: id });
  const tasks = await tasksOf(store, rows);
  const byKey = new Map<string, Task>();
  for (const task of tasks.values()) {
    const input = objectInputSchema.safeParse(task.input);
    if (input.success) byKey.set(input.data.object.key, task);
  }
  return byKey;
}

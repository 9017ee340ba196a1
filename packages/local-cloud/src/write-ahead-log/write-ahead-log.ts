import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { ToCheckpoints } from './checkpoint.worker.ts';

/**
 * Pages of a log at which its writer moves into the database what the other thread has not, 16 MiB. Under constant writing the
 * other thread never reaches the end of a log, and only at its end a log begins again.
 */
const HELP_AT_PAGES = 4_000;

let thread: Worker | undefined;
let lastId = 0;
const closing = new Map<number, () => void>();

/** The thread of this process. It does not keep the process running. */
function started(): Worker {
  if (thread !== undefined) return thread;
  const worker = new Worker(new URL('checkpoint.worker.ts', import.meta.url), { name: 'checkpoints' });
  thread = worker;
  worker.unref();
  worker.on('message', (id: number) => closing.get(id)?.());
  // Writers go on without it: each moves its own log then.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    thread = undefined;
    for (const settle of closing.values()) settle();
  });
  return worker;
}

/**
 * Sets a database to write ahead, and moves its log in another thread. Each commit reaches the operating system before the
 * next statement, so it survives kill -9. Only a power cut can lose the last ones. Moving the log means to sync the disk, which
 * can take a second, and nothing of this process would answer meanwhile.
 * @param file of the database; undefined for one in memory
 * @returns closes the database
 */
export function writeAhead(database: DatabaseSync, file: string | undefined): () => Promise<void> {
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = ${HELP_AT_PAGES};`);
  if (file === undefined) return () => Promise.resolve(database.close());
  const worker = started();
  lastId += 1;
  const id = lastId;
  worker.postMessage({ type: 'open', id, file } satisfies ToCheckpoints);
  return async () => {
    // The other thread first, so that the last to close, which removes the log, is the one that a caller waits for.
    if (worker === thread) await closed(worker, id);
    database.close();
  };
}

async function closed(worker: Worker, id: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  closing.set(id, resolve);
  worker.ref();
  worker.postMessage({ type: 'close', id } satisfies ToCheckpoints);
  await promise;
  closing.delete(id);
  if (closing.size === 0) worker.unref();
}

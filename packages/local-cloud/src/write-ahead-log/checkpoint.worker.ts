/**
 * Moves what is in the write-ahead logs of databases into the databases, beside the thread that writes them. A writer never
 * waits for it: a passive checkpoint takes no lock that a writer needs.
 */
import { DatabaseSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';

export type ToCheckpoints =
  | { readonly type: 'open'; readonly id: number; readonly file: string }
  | { readonly type: 'close'; readonly id: number };

/** So that a log stays far below the size at which its writer has to help (write-ahead-log.ts). */
const EVERY_MS = 500;
/** A start that finds the log of a crash reads it first, and nobody else may meanwhile. */
const TIMEOUT_MS = 10_000;

const databases = new Map<number, DatabaseSync>();

parentPort?.on('message', (message: ToCheckpoints) => {
  if (message.type === 'open')
    return void databases.set(message.id, new DatabaseSync(message.file, { timeout: TIMEOUT_MS }));
  databases.get(message.id)?.close();
  databases.delete(message.id);
  parentPort?.postMessage(message.id);
});

setInterval(() => {
  for (const database of databases.values()) database.exec('PRAGMA wal_checkpoint(PASSIVE)');
}, EVERY_MS);

import { chmodSync, existsSync, globSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const STICKY = 0o1000;

/**
 * Creates a folder that only this user can read, with those above it that are missing. An existing one is tightened: it may
 * be older than this rule. A folder that all users share, such as `/tmp`, stays as it is.
 */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = statSync(folder);
  const ours = process.getuid === undefined || uid === process.getuid();
  if (ours && (mode & STICKY) === 0 && (mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** `isTaken` holds the lock for a moment, so a start waits this long for it. */
const LOCK_TIMEOUT_MS = 200;

/** Whether a local cloud is using the folder. */
export function isTaken(folder: string): boolean {
  const file = join(folder, 'lock.sqlite');
  if (!existsSync(file)) return false;
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return false;
  } catch {
    return true;
  } finally {
    lock.close();
  }
}

/**
 * Creates the data folder, locks it for this cloud and returns its unlock function. The lock is SQLite's: the operating
 * system frees it when the process ends, even by `kill -9`. Throws when another cloud uses the folder.
 */
export function lockDataFolder(folder: string): () => void {
  privateFolder(folder);
  // The folders of the services, as an earlier version may have created them.
  for (const name of globSync('*/', { cwd: folder })) privateFolder(join(folder, name));
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: LOCK_TIMEOUT_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new Error(`The data folder ${folder} is in use by another local cloud. Stop it or choose another folder.`);
  }
  return () => lock.close();
}

/** A file of the data folder is damaged. The cloud did not start and changed nothing. */
export class DamagedFile extends Error {
  readonly file: string;

  constructor(file: string, reason: string) {
    super(`${file} is damaged: ${reason}`);
    this.name = 'DamagedFile';
    this.file = file;
  }
}

/** Checks every database of a data folder before any is opened. Throws `DamagedFile` for the first damaged one. */
export function checkDatabases(folder: string): void {
  for (const name of globSync('*/*.sqlite', { cwd: folder })) checkDatabase(join(folder, name));
}

function checkDatabase(file: string): void {
  const database = new DatabaseSync(file);
  try {
    const { quick_check: verdict } = { ...database.prepare('PRAGMA quick_check(1)').get() };
    if (verdict !== 'ok') throw new DamagedFile(file, String(verdict));
  } catch (error) {
    if (error instanceof DamagedFile) throw error;
    throw new DamagedFile(file, error instanceof Error ? error.message : String(error));
  } finally {
    database.close();
  }
}

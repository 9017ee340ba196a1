import { existsSync, globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Who only looks whether the folder is taken holds the lock for a moment. */
const PATIENCE_MS = 200;

/** Whether a local cloud has the folder now. */
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
 * Makes the data folder and takes it for this cloud alone; returns what gives it back. The lock is SQLite's, which the
 * operating system frees when the process dies, however it dies. Throws when another cloud has it.
 */
export function takeDataFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: PATIENCE_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new Error(
      `The data folder ${folder} is in use by another local cloud: stop that one, or choose another folder.`,
    );
  }
  return () => lock.close();
}

/** A file of the data folder cannot be read: the cloud does not start, and has changed nothing. */
export class DamagedFile extends Error {
  readonly file: string;

  constructor(file: string, reason: string) {
    super(`${file} is damaged: ${reason}`);
    this.name = 'DamagedFile';
    this.file = file;
  }
}

/** Looks into every database of a data folder before any is opened for work. Throws `DamagedFile` for the first bad one. */
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

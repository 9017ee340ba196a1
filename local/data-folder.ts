import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Makes the data folder and takes it for this cloud alone; returns what gives it back. The lock is SQLite's, which the
 * operating system frees when the process dies, however it dies. Throws when another cloud has it.
 */
export function takeDataFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
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

import { join } from 'node:path';
import { FolderInUse, isTaken, lockDataFolder } from '@agent-fleet/local-cloud/data-folder';
import { UserError } from '../user-error.ts';

/** Locked from the first moment of a start. The cloud locks its own folder only when the stacks are synthesized. */
const startLock = (dataDir: string): string => join(dataDir, 'start');

/** Whether a fleet starts, runs or stops with this data folder. */
export const isBusy = (dataDir: string): boolean => isTaken(startLock(dataDir)) || isTaken(join(dataDir, 'cloud'));

/** Throws a `UserError` if a fleet starts, runs or stops with this data folder. */
export function requireFree(dataDir: string): void {
  if (isBusy(dataDir)) throw inUse(dataDir);
}

/** Keeps other starts away from this data folder until the returned function is called. Throws like `requireFree`. */
export function lockStart(dataDir: string): () => void {
  requireFree(dataDir);
  try {
    return lockDataFolder(startLock(dataDir));
  } catch (error) {
    throw error instanceof FolderInUse ? inUse(dataDir) : error;
  }
}

export const inUse = (dataDir: string): UserError =>
  new UserError(
    `Another fleet is starting or stopping on this machine with the data in ${dataDir}.`,
    'Wait until its terminal says that it is up, then run the command again. Ctrl-C there stops it.',
  );

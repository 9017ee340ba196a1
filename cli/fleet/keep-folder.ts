import { renameSync, rmSync } from 'node:fs';

/**
 * Puts a finished folder where it is kept, instead of an earlier one. If another process has put its own there, which can
 * happen at any moment, that one stays.
 */
export function keepFolder(finished: string, kept: string, isCurrent: () => boolean): void {
  if (isCurrent()) return;
  try {
    rmSync(kept, { force: true, recursive: true });
    renameSync(finished, kept);
  } catch (error) {
    // Such as ENOTEMPTY: the other one was there first.
    if (!isCurrent()) throw error;
  }
}

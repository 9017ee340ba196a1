import { mkdtempSync, rmdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolders } from '@agent-fleet/local-cloud/data-folder';
import { fileReason } from './file-error.ts';
import { oneLine } from './terminal/printable.ts';
import { wrongUsage } from './user-error.ts';

/**
 * Creates the folder that a command will write to, unless it is there, and tries whether it can be written. Commands call
 * it before they spend anything. Throws wrong usage that names the reason.
 */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  try {
    makeFolders(path);
    // Only a write shows whether one is permitted: root may write everywhere, except to a read-only file system.
    rmdirSync(mkdtempSync(join(path, '.fleet-')));
  } catch (error) {
    const reason = fileReason(error as NodeJS.ErrnoException);
    if (reason === null) throw error;
    const { path: at = path } = error as NodeJS.ErrnoException;
    const where = path.startsWith(`${at}/`) ? `${at}: ` : '';
    throw wrongUsage(
      oneLine(`The folder ${path} cannot be written: ${where}${reason}.`),
      'Pass a folder that you can write: --out ~/report.',
    );
  }
}

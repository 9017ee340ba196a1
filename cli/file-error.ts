import { relative } from 'node:path';
import { FLEET_HOME } from './fleet/paths.ts';
import { causes } from './lost-fleet.ts';
import { UserError } from './user-error.ts';

/** What the operating system says about a file or folder that cannot be used. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you may not use it',
  EPERM: 'you may not change it',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota of the disk is used up',
  EEXIST: 'it, or a folder above it, is a file',
  ENOTDIR: 'a folder above it is a file',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
};

/** Creating a folder whose parent is there: /proc and its like say so. */
const NO_NEW_FOLDER = 'its place permits no new folder';

/** Why a file or folder cannot be used, or null for an error of another kind. */
export function fileReason({ code = '', syscall }: NodeJS.ErrnoException): string | null {
  const reason = code === 'ENOENT' && syscall?.startsWith('mkd') ? NO_NEW_FOLDER : REASONS[code];
  return reason === undefined ? null : `${reason} (${code})`;
}

/** The same of SQLite, which names no file, by its result code. */
const DATABASE_REASONS: Readonly<Record<number, string>> = {
  8: 'one of its databases is read-only',
  13: 'the disk is full',
  14: 'one of its databases cannot be opened',
};

/** The error as one for the user, if a file or folder cannot be used; else null. */
export function fileError(error: unknown): UserError | null {
  for (const each of causes(error)) {
    const { code = '', path } = each as NodeJS.ErrnoException;
    const reason = fileReason(each);
    const { errcode } = each as { errcode?: number };
    if (path !== undefined && reason !== null) return unusable(path, reason, code);
    const database = code === 'ERR_SQLITE_ERROR' ? DATABASE_REASONS[errcode ?? 0] : undefined;
    if (database !== undefined) return unusable(FLEET_HOME, database, errcode === 13 ? 'ENOSPC' : code);
  }
  return null;
}

function unusable(path: string, reason: string, code: string): UserError {
  const isOurs = !relative(FLEET_HOME, path).startsWith('..');
  const elsewhere = isOurs ? `, or let the variable FLEET_HOME name another folder than ${FLEET_HOME}` : '';
  const remedy = code === 'ENOSPC' || code === 'EDQUOT' ? 'Free some space' : 'Make it a place that you can write';
  return new UserError(`${path} cannot be used: ${reason}.`, `${remedy}${elsewhere}.`);
}

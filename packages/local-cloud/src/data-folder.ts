import { chmodSync, closeSync, existsSync, globSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What a cloud writes into its data folder. */
const CONTENT = [
  'apigateway',
  'cloudwatch',
  'dynamodb',
  'kinesis',
  'lambda',
  'logs',
  'mail',
  's3',
  'scheduler',
  'secretsmanager',
  'ses',
  'sns',
  'sqs',
  'stepfunctions',
  'xray',
  'credentials',
  'iam-usage.json',
  'lock.sqlite',
  'resources.json',
];

/**
 * Creates a folder that only this user can read, with those above it that are missing. An existing one that holds nothing
 * but names of `content` was made here, maybe before this rule, and is tightened. Any other stays as it is: it may be
 * somebody's folder that others read. Returns whether the folder is ours.
 */
export function privateFolder(folder: string, content: readonly string[]): boolean {
  if (makeFolders(folder, 0o700)) return true;
  const names = readdirSync(folder);
  const ours = names.length > 0 && names.every((name) => content.includes(name));
  if (ours) tighten(folder);
  return ours;
}

/**
 * Creates a folder and those above it that are missing. Node's recursive mkdir does not end where the operating system
 * says ENOENT in a folder that is there, such as /proc. This one throws that error.
 * @returns whether it was missing
 */
export function makeFolders(path: string, mode = 0o777): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return false;
  if (found === undefined && dirname(path) !== path) makeFolders(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    // Another process may have created it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    throw error;
  }
}

/** Takes the rights of others from a file or folder of this user. */
export function tighten(path: string): void {
  const { mode, uid } = statSync(path);
  const own = process.getuid === undefined || uid === process.getuid();
  if (own && (mode & 0o077) !== 0) chmodSync(path, mode & 0o700);
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
  if (privateFolder(folder, CONTENT)) {
    // As an earlier version may have created them. Deeper ones are out of reach then.
    for (const name of globSync('{*,*/*}', { cwd: folder })) tighten(join(folder, name));
  }
  const lock = openDatabaseFile(join(folder, 'lock.sqlite'));
  lock.exec(`PRAGMA busy_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new FolderInUse(folder);
  }
  return () => lock.close();
}

/** Another cloud uses the data folder. */
export class FolderInUse extends Error {
  constructor(folder: string) {
    super(`The data folder ${folder} is in use by another local cloud. Stop it or choose another folder.`);
    this.name = 'FolderInUse';
  }
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

/** Opens a database that only this user can read; its journals get the same mode. Without a file it is in memory. */
export function openDatabaseFile(file: string | undefined): DatabaseSync {
  if (file === undefined) return new DatabaseSync(':memory:');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  return new DatabaseSync(file);
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

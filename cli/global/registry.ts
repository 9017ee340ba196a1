import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FolderInUse, isTaken, lockDataFolder } from '@agent-fleet/local-cloud/data-folder';
import { apiPlaceSchema } from '../fleet/outputs.ts';
import { UserError } from '../user-error.ts';
import { ensureGlobalFolder, GLOBAL_HOME } from './paths.ts';

const regionSchema = z.object({
  name: z.string(),
  region: z.string(),
  /** Null while it is down. */
  pid: z.number().int().positive().nullable(),
  /** Of all AWS services. */
  endpoint: z.url(),
  /** Null until it was up for the first time. */
  api: apiPlaceSchema.nullable(),
  /** Set while it starts after it was down. */
  starting: z.literal(true).optional(),
});
export type RunningRegion = z.infer<typeof regionSchema>;

/** What the regions on this machine register, so that other commands find them. */
const runningGlobalSchema = z.object({
  /** Of the command that runs them. */
  pid: z.number().int().positive(),
  startedAt: z.iso.datetime(),
  prefix: z.string(),
  /** Where that command takes orders, such as to start a region again. */
  control: z.url(),
  /** Proves that an order or a change of the network comes from this user: only this user can read the file. */
  secret: z.string(),
  /** The API key, the same in all regions. */
  key: z.string(),
  dataDir: z.string(),
  regions: z.array(regionSchema),
  /** Set once they have been told to stop. */
  stopping: z.literal(true).optional(),
});
export type RunningGlobal = z.infer<typeof runningGlobalSchema>;

const FILE = join(GLOBAL_HOME, 'global.json');

/** Replaces the file as a whole, since others read it at any moment. */
export function registerGlobal(running: RunningGlobal): void {
  ensureGlobalFolder(GLOBAL_HOME);
  const apart = `${FILE}.${running.pid}`;
  writeFileSync(apart, JSON.stringify(running, null, 2), { mode: 0o600 });
  renameSync(apart, FILE);
}

export const unregisterGlobal = (): void => rmSync(FILE, { force: true });

/** Locked while regions run with this data, so that two commands never do. */
const lockOf = (dataDir: string): string => join(dataDir, 'regions');

/** Locked from the first moment of a start, which synthesizes for a while, until its regions are registered. */
const START = join(GLOBAL_HOME, 'start');
const STARTER = join(START, 'pid');

/** Whether a command prepares regions, with whatever data. */
export const isStarting = (): boolean => isTaken(START);

/** The process that prepares regions. Null if none does, or it has only just begun. */
export function findStarter(): number | null {
  try {
    const pid = Number(readFileSync(STARTER, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 && isStarting() ? pid : null;
  } catch {
    return null;
  }
}

/** Keeps other starts away until the returned function is called. Throws a `UserError` if one is under way, or regions run. */
export function lockStart(): () => void {
  ensureGlobalFolder(GLOBAL_HOME);
  const free = lock(START, STARTING, 'up');
  const unlock = (): void => {
    rmSync(STARTER, { force: true });
    free();
  };
  writeFileSync(STARTER, String(process.pid), { mode: 0o600 });
  // Under the lock, so that a start that has just ended is seen.
  const running = findRunningGlobal();
  if (running === null) return unlock;
  unlock();
  throw running.stopping === true
    ? new UserError('The regions on this machine are stopping.', waitUntil('stopped'))
    : new UserError(
        `Regions are already running on this machine (process ${running.pid}).`,
        'Use them, or stop them with npm run fleet -- global down.',
      );
}

const STARTING = 'Regions are starting on this machine.';

/** Keeps other regions away from this data until the returned function is called. Throws a `UserError` if some have it. */
export function lockRegions(dataDir: string): () => void {
  const problem = `Regions are starting or stopping on this machine with the data in ${dataDir}.`;
  return lock(lockOf(dataDir), problem, 'up or stopped');
}

function lock(folder: string, problem: string, until: string): () => void {
  try {
    return lockDataFolder(folder);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    throw new UserError(problem, waitUntil(until));
  }
}

const waitUntil = (state: string): string =>
  `Wait until their terminal says that they are ${state}, then run the command again.`;

/**
 * The regions that run on this machine; null if none do. The file of a command that was killed is ignored, even if another
 * program has its process id by now.
 */
export function findRunningGlobal(): RunningGlobal | null {
  try {
    const running = runningGlobalSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')));
    process.kill(running.pid, 0);
    return isTaken(lockOf(running.dataDir)) ? running : null;
  } catch {
    return null;
  }
}

/** The same for commands that need them. Throws a `UserError`. */
export function requireRunningGlobal(): RunningGlobal {
  const running = findRunningGlobal();
  if (running !== null) return running;
  throw noRegions();
}

/** That no regions run on this machine, as an error for the user. @param otherwise what they can do instead, as a sentence */
export const noRegions = (otherwise = ''): UserError =>
  isStarting()
    ? new UserError(STARTING, waitUntil('up'))
    : new UserError(
        'No regions are running on this machine.',
        `Start them with npm run fleet -- global up.${otherwise && ` ${otherwise}`}`,
      );

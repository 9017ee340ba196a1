import { createHash } from 'node:crypto';
import { join, resolve, sep } from 'node:path';
import { makeFolders, privateFolder, tighten } from '@agent-fleet/local-cloud/data-folder';

/** The project's own folder, wherever the command is started from. */
export const PROJECT = resolve(import.meta.dirname, '../..');

/** Where fleets on this machine keep their data. The variable FLEET_HOME names another folder. */
export const FLEET_HOME = resolve(process.env['FLEET_HOME'] ?? join(PROJECT, '.fleet'));

/** The synthesized assemblies. They depend only on the sources, so all fleets of this project share them. */
export const ASSEMBLIES = join(PROJECT, '.fleet', 'cdk.out');

/** The bundles of the functions by their sources: a changed source bundles only the functions that use it. */
export const BUNDLES = join(PROJECT, '.fleet', 'bundles');

/** The built console. */
export const CONSOLE = join(PROJECT, '.fleet', 'console');

/** The data folder of the fleet that `npm start` runs. */
export const MAIN_DATA = join(FLEET_HOME, 'main');

/** The data folder of a fleet booted for one run. It is kept, so that --run can attach to the run again. */
export const occasionData = (runId: string): string => join(FLEET_HOME, 'runs', runId);

/** The access key of this user for fleets on this machine, as the AWS CLI reads it. */
export const CREDENTIALS_FILE = join(FLEET_HOME, 'credentials');

/** What the commands create in the home of the fleets. */
const HOME_CONTENT = [
  'main',
  'runs',
  'sample',
  'chaos',
  'cdk.out',
  'bundles',
  'compile-cache',
  'console',
  'credentials',
  'fleet.json',
  'check-deploy',
  'check-aws',
  'check-services',
  'ministack',
];

/**
 * Creates a folder that only this user can read, or tightens one that an earlier version created: those below the fleets'
 * home, and that itself unless it holds something else.
 */
export function ensureFolder(path: string): string {
  const ours = privateFolder(FLEET_HOME, HOME_CONTENT);
  makeFolders(path, 0o700);
  if (ours && path.startsWith(`${FLEET_HOME}${sep}`)) tighten(path);
  return path;
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

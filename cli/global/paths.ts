import { join } from 'node:path';
import { makeFolders } from '@agent-fleet/local-cloud/data-folder';
import { FLEET_HOME } from '../fleet/paths.ts';

/** Where the three regions on this machine keep their data: `.fleet-global` beside `.fleet`. */
export const GLOBAL_HOME = `${FLEET_HOME}-global`;

/** The data of the regions that `global up` runs. */
export const GLOBAL_DATA = join(GLOBAL_HOME, 'main');

/** The data of a demo, which begins with empty regions. */
export const DEMO_DATA = join(GLOBAL_HOME, 'demo');

/** What the regions of a demo asked of leases. */
export const DEMO_LEASES = join(DEMO_DATA, 'leases.jsonl');

/** The file with the key of the regions in a data folder. */
export const keyFile = (dataDir: string): string => join(dataDir, 'api-key');

/** Creates a folder that only this user can read. */
export function ensureGlobalFolder(path: string): string {
  makeFolders(path, 0o700);
  return path;
}

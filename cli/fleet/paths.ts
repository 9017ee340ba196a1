import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The project's own folder, wherever the command is started from. */
export const PROJECT = resolve(import.meta.dirname, '../..');

/** Where fleets on this machine keep their data. The variable FLEET_HOME names another folder. */
export const FLEET_HOME = resolve(process.env['FLEET_HOME'] ?? join(PROJECT, '.fleet'));

/** The synthesized assemblies. They depend only on the sources, so all fleets of this project share them. */
export const ASSEMBLIES = join(PROJECT, '.fleet', 'cdk.out');

/** The data folder of the fleet that `npm start` runs. */
export const MAIN_DATA = join(FLEET_HOME, 'main');

/** The data folder of a fleet booted for one run. It is kept, so that --run can attach to the run again. */
export const occasionData = (runId: string): string => join(FLEET_HOME, 'runs', runId);

export function ensureFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

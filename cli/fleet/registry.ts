import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isTaken } from '@agent-fleet/local-cloud/data-folder';
import { apiPlaceSchema } from './outputs.ts';
import { ensureFolder, FLEET_HOME, MAIN_DATA } from './paths.ts';

/** What a running fleet registers, so that other commands find it. */
const runningFleetSchema = z.object({
  pid: z.number().int().positive(),
  endpoint: z.url(),
  model: z.string(),
  startedAt: z.iso.datetime(),
  /** The outputs of its stacks by system. */
  outputs: z.record(z.string(), z.record(z.string(), z.string())),
  api: apiPlaceSchema,
});
export type RunningFleet = z.infer<typeof runningFleetSchema>;

const FILE = join(FLEET_HOME, 'fleet.json');

/** The URL of the running fleet's task API, beside its key, for scripts: the port may be another than the default. */
const API_URL_FILE = join(MAIN_DATA, 'api-url');

export function register(fleet: RunningFleet): void {
  ensureFolder(MAIN_DATA);
  writeFileSync(API_URL_FILE, `${fleet.api.url}\n`, { mode: 0o600 });
  writeFileSync(FILE, JSON.stringify(fleet, null, 2), { mode: 0o600 });
}

export function unregister(): void {
  rmSync(FILE, { force: true });
  rmSync(API_URL_FILE, { force: true });
}

/**
 * Returns the fleet that `npm start` runs, if its process is alive. The file of a killed fleet is ignored, even if
 * another program has its process id by now: that program does not hold the data folder.
 */
export function findRunningFleet(): RunningFleet | null {
  try {
    const fleet = runningFleetSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')));
    process.kill(fleet.pid, 0);
    return isTaken(join(MAIN_DATA, 'cloud')) ? fleet : null;
  } catch {
    return null;
  }
}

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockDataFolder } from '@agent-fleet/local-cloud/data-folder';
import { temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { onTestFinished } from 'vitest';
import type { RunningGlobal, RunningRegion } from '#cli/global/registry.ts';
import { FleetProgram } from './fleet-program.ts';

/** What differs from three regions that are up and whose ports nobody listens on. */
export interface Different extends Partial<Omit<RunningGlobal, 'regions'>> {
  readonly regions?: Readonly<Record<string, Partial<RunningRegion>>>;
}

const NAMES = { us: 'us-east-1', eu: 'eu-west-1', ap: 'ap-northeast-1' };

/** The program, and three regions that are registered for it as `global up` does. This process is the one that runs them. */
export function withRegions({ regions = {}, ...different }: Different = {}): FleetProgram {
  const home = temporaryFolder();
  const folder = `${home}-global`;
  const dataDir = join(folder, 'main');
  mkdirSync(dataDir, { recursive: true });
  const unlock = lockDataFolder(join(dataDir, 'regions'));
  onTestFinished(() => {
    unlock();
    rmSync(folder, { recursive: true, force: true });
  });
  const running: RunningGlobal = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    prefix: 'fleet-global',
    control: 'http://127.0.0.1:1',
    secret: 's',
    key: `flk_${'a'.repeat(20)}`,
    dataDir,
    regions: Object.entries(NAMES).map(([name, region]) => ({
      name,
      region,
      pid: process.pid,
      endpoint: 'http://127.0.0.1:1',
      api: apiAt('http://127.0.0.1:1'),
      ...regions[name],
    })),
    ...different,
  };
  writeFileSync(join(folder, 'global.json'), JSON.stringify(running));
  return new FleetProgram(home);
}

/** Where a region has its task API. */
export const apiAt = (url: string): NonNullable<RunningRegion['api']> => ({
  url,
  table: 'fleet-global-state',
  usagePlan: 'plan',
  callbackSecret: 'fleet-global/callback-signing',
});

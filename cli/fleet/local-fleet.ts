import { fleetEnvironment } from '../api/environment.ts';
import { findRunningGlobal, type RunningGlobal } from '../global/registry.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { needsOneRegion } from './one-region.ts';
import { findRunningFleet, type RunningFleet } from './registry.ts';

/** For commands that act on three regions on this machine as well. */
export const OR_REGIONS = 'npm start, or three regions with npm run fleet -- global up';

/**
 * The fleet on this machine, for a command that does not use the task API and names no other fleet. Throws `UserError`
 * if none runs, or three regions in its place, and wrong usage if `FLEET_URL` names another one: the user means that one.
 * @param deployed the options that name a deployed fleet, such as `--bucket (output AuditBucket of the platform stack)`
 * @param start what starts one that the command can act on
 */
export function localFleet(deployed: string, running = findRunningFleet(), start = 'npm start'): RunningFleet {
  const { url } = fleetEnvironment;
  const regions = running === null ? findRunningGlobal() : null;
  if (regions !== null && (url === undefined || isOf(regions, url)))
    throw needsOneRegion(regions, `For a deployed fleet, give ${deployed}, with AWS credentials.`);
  if (url !== undefined && url.replace(/\/+$/, '') !== running?.api.url)
    throw wrongUsage(
      `FLEET_URL names the fleet at ${url}, but this command does not use the task API, so it would act on the fleet on this machine.`,
      `Give ${deployed}, with AWS credentials. To act on this machine, unset FLEET_URL.`,
    );
  if (running !== null) return running;
  throw new UserError(
    'No fleet is running on this machine.',
    `Start one with ${start}. For a deployed one, give ${deployed}, with AWS credentials.`,
  );
}

const isOf = ({ regions }: RunningGlobal, url: string): boolean =>
  regions.some(({ api }) => api?.url === url.replace(/\/+$/, ''));

import { fleetEnvironment } from '../api/environment.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { findRunningFleet, type RunningFleet } from './registry.ts';

/**
 * The fleet on this machine, for a command that does not use the task API and names no other fleet. Throws `UserError`
 * if none runs, and wrong usage if `FLEET_URL` names another one: the user means that one.
 * @param deployed the options that name a deployed fleet, such as `--bucket (output AuditBucket of the platform stack)`
 */
export function localFleet(deployed: string, running = findRunningFleet()): RunningFleet {
  const { url } = fleetEnvironment;
  if (url !== undefined && url.replace(/\/+$/, '') !== running?.api.url)
    throw wrongUsage(
      `FLEET_URL names the fleet at ${url}, but this command does not use the task API, so it would act on the fleet on this machine.`,
      `Give ${deployed}, with AWS credentials. To act on this machine, unset FLEET_URL.`,
    );
  if (running !== null) return running;
  throw new UserError(
    'No fleet is running on this machine.',
    `Start one with npm start. For a deployed one, give ${deployed}, with AWS credentials.`,
  );
}

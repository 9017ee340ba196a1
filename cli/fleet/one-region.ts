import { findRunningGlobal, type RunningGlobal } from '../global/registry.ts';
import { UserError } from '../user-error.ts';

/**
 * That a command needs a fleet of one region while three run on this machine, as an error for the user.
 * @param deployed what it takes to act on a deployed fleet instead, as a sentence
 */
export const needsOneRegion = ({ regions }: RunningGlobal, deployed = ''): UserError =>
  new UserError(
    `This command needs a fleet of one region, and the regions ${regions.map(({ name }) => name).join(', ')} are running on this machine.`,
    `Stop them with npm run fleet -- global down, then run the command again.${deployed && ` ${deployed}`} ` +
      'With three regions, use submit, tasks, runs, keys, limits, callbacks, regions and global map.',
  );

/** For a command that would start a fleet of its own. Throws a `UserError` while three regions run on this machine. */
export function requireNoRegions(regions = findRunningGlobal()): void {
  if (regions !== null) throw needsOneRegion(regions);
}

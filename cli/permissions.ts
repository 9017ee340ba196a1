import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  mergeUsage,
  readUsage,
  usageFile,
  type Grant,
  type Refusal,
  type RoleUsage,
} from '@agent-fleet/local-cloud/usage';
import { MAIN_DATA, occasionData } from './fleet/paths.ts';
import type { Output } from './terminal/output.ts';
import { UserError } from './user-error.ts';

/** Everything that acts under one role, and its permissions. */
export interface OwnerPermissions {
  /** `Stack/LogicalId` of functions, state machines or schedules. */
  readonly owners: readonly string[];
  /** `Stack/LogicalId` */
  readonly role: string;
  readonly used: readonly Grant[];
  /** Granted, but not used by any recorded run. */
  readonly unused: readonly Grant[];
  /** Denied in the latest record. */
  readonly refused: readonly Refusal[];
}

/**
 * `fleet permissions`: shows what each role grants, what the recorded runs used of it, and what was denied. A fleet
 * records its run when it stops. Throws `UserError` when there is no record yet.
 */
export function permissionsCommand(output: Output, json: boolean): void {
  const permissions = recordedPermissions(dataFolders());
  if (json) return output.json({ permissions });
  for (const each of permissions) print(each, output);
  const unused = permissions.reduce((sum, each) => sum + each.unused.length, 0);
  const all = permissions.reduce((sum, each) => sum + each.used.length, unused);
  output.line(`${all} grants, ${all - unused} of them used by the recorded runs.`);
}

/** Combines the records of several data folders of the local cloud. */
export function recordedPermissions(folders: readonly string[]): OwnerPermissions[] {
  const records = folders.map((folder) => readUsage(folder)).filter((record) => record !== undefined);
  const [newest, ...earlier] = records;
  if (newest === undefined) {
    throw new UserError(
      'There is no recorded run yet.',
      'Start a fleet with npm start, run some tasks, and stop it: a fleet records its run when it stops.',
    );
  }
  return mergeUsage(newest, earlier.flat())
    .filter(({ owners }) => owners.length > 0)
    .map(permissionsOf)
    .sort((left, right) => left.role.localeCompare(right.role));
}

function permissionsOf({ owners, role, grants, refused }: RoleUsage): OwnerPermissions {
  const used = grants.filter(({ used }) => used > 0);
  return { owners, role, used, unused: grants.filter(({ used }) => used === 0), refused };
}

/** The data folders that have a record, newest first: the newest template counts. */
function dataFolders(): string[] {
  const runs = dirname(occasionData('run'));
  const ids = existsSync(runs) ? readdirSync(runs) : [];
  return [MAIN_DATA, ...ids.map(occasionData)]
    .map((folder) => join(folder, 'cloud'))
    .map((folder) => ({ folder, writtenAt: statSync(usageFile(folder), { throwIfNoEntry: false })?.mtimeMs }))
    .filter((found): found is { folder: string; writtenAt: number } => found.writtenAt !== undefined)
    .sort((left, right) => right.writtenAt - left.writtenAt)
    .map(({ folder }) => folder);
}

function print({ owners, used, unused, refused }: OwnerPermissions, output: Output): void {
  output.line(owners.join(', '));
  for (const { action, resource, used: calls } of used) {
    output.line(`  ${String(calls).padStart(7)}  ${action}  ${resource}`);
  }
  for (const { action, resource } of unused) output.line(`    never  ${action}  ${resource}`);
  for (const { action, resource, calls } of refused) {
    output.line(`  ! denied ${calls} times: ${action}  ${resource}`);
  }
  output.line();
}

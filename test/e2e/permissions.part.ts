import type { ApiClient } from '#cli/api/client.ts';
import type { Settings } from '#cli/fleet/assembly.ts';
import type { BootedFleet } from '#cli/fleet/boot.ts';
import type { Reason } from './permissions.reasons.ts';

/** A fleet of all systems, with a key of the default tenant that may do everything. */
export interface FleetOfTheDay extends BootedFleet {
  readonly key: string;
  readonly client: ApiClient;
}

/** What a system does on the day of the permissions: `part` of its `test/permissions.part.ts`. */
export interface PermissionsPart {
  /** `-c` options of the fleet. @default none */
  readonly settings?: Settings;
  /** Does everything that the system's roles are for. Returns what failed. */
  readonly day: (fleet: FleetOfTheDay) => Promise<readonly string[]>;
  /** Actions that an owner must have used afterwards, so that the day is known to have done its work. */
  readonly uses?: readonly { readonly owner: RegExp; readonly actions: readonly string[] }[];
  /** Of grants that only this system has. @default none */
  readonly reasons?: readonly Reason[];
}

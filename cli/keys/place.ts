import { fleetEnvironment } from '../api/environment.ts';
import { awsError, type Remedies } from '../aws-error.ts';
import { deployedOutputs, platformOutputs } from '../fleet/deployed-outputs.ts';
import { localFleet, OR_REGIONS } from '../fleet/local-fleet.ts';
import { namedRegions, regionalError, type RegionalFleet } from '../regions/regional-fleet.ts';
import { wrongUsage } from '../user-error.ts';
import { keeping, type Keeping, type KeyPlace } from './keeping.ts';
import { keepingInRegions } from './regional-keeping.ts';

/** The options that name a fleet's key stores. */
export interface PlaceOptions {
  /** A fleet of three regions, by its file in `config/`. */
  readonly env?: string;
  /** The prefix of its stacks, whose outputs are then read. @default FLEET_PREFIX */
  readonly prefix?: string;
  readonly table?: string;
  readonly usagePlan?: string;
  readonly callbackSecret?: string;
}

/** Finds the key stores of the fleet that the options name, else of the fleet on this machine. Throws `UserError`. */
async function findPlace(options: PlaceOptions): Promise<KeyPlace> {
  const { table, usagePlan, callbackSecret, prefix = fleetEnvironment.prefix } = options;
  if (table !== undefined && usagePlan !== undefined) return { endpoint: undefined, table, usagePlan, callbackSecret };
  if (table !== undefined || usagePlan !== undefined)
    throw wrongUsage(
      'For a deployed fleet, give both --table and --usage-plan, or --prefix.',
      'They are the outputs StateTable of the platform stack and UsagePlanId of the API stack.',
    );
  if (prefix !== undefined) return { ...(await placeOfStacks(prefix)), callbackSecret };
  if (callbackSecret !== undefined)
    throw wrongUsage('--callback-secret is for a deployed fleet.', 'Give --prefix, or --table and --usage-plan, too.');
  const { api, endpoint } = localFleet(
    '--prefix or FLEET_PREFIX (the prefix of its stacks), --env (three regions), or --table and --usage-plan (outputs of its stacks)',
    undefined,
    OR_REGIONS,
  );
  return { endpoint, table: api.table, usagePlan: api.usagePlan, callbackSecret: api.callbackSecret };
}

async function placeOfStacks(prefix: string): Promise<Omit<KeyPlace, 'callbackSecret'>> {
  const platform = await platformOutputs(prefix, ['StateTable']);
  const api = await deployedOutputs({ prefix, system: 'api' }, ['UsagePlanId']);
  return { endpoint: undefined, table: platform.StateTable, usagePlan: api.UsagePlanId };
}

/** Runs `act` with a fleet's key stores. Errors of AWS get a remedy. */
export async function withKeys<Done>(options: PlaceOptions, act: (keys: Keeping) => Promise<Done>): Promise<Done> {
  const { env, prefix, table, usagePlan, callbackSecret } = options;
  const fleet = namedRegions(env, { prefix, table, usagePlan });
  if (fleet !== null) return withRegionalKeys(fleet, callbackSecret, act);
  const place = await findPlace(options);
  const keys = keeping(place);
  try {
    return await act(keys);
  } catch (error) {
    throw awsError(error, REMEDIES, place.endpoint !== undefined);
  } finally {
    keys.close();
  }
}

async function withRegionalKeys<Done>(
  fleet: RegionalFleet,
  callbackSecret: string | undefined,
  act: (keys: Keeping) => Promise<Done>,
): Promise<Done> {
  let keys: Keeping | undefined;
  try {
    keys = await keepingInRegions(fleet, callbackSecret);
    return await act(keys);
  } catch (error) {
    throw awsError(regionalError(error, fleet), REMEDIES, fleet.environment === null);
  } finally {
    keys?.close();
    fleet.close();
  }
}

const REMEDIES: Remedies = {
  ResourceNotFoundException: 'Check --table and --callback-secret against the outputs of the platform stack.',
  NotFoundException: 'Check --usage-plan against the output UsagePlanId of the API stack.',
  AccessDeniedException: 'Use credentials with write access to the state table and to API Gateway’s keys.',
};

import { awsError, type Remedies } from '../aws-error.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { keeping, type Keeping, type KeyPlace } from './keeping.ts';

/** The options that name a fleet's key stores. */
export interface PlaceOptions {
  readonly table?: string;
  readonly usagePlan?: string;
  readonly callbackSecret?: string;
}

/** Finds the key stores of the fleet that the options name, else of the fleet on this machine. Throws `UserError`. */
export function findPlace({ table, usagePlan, callbackSecret }: PlaceOptions): KeyPlace {
  if (table !== undefined && usagePlan !== undefined)
    return { endpoint: undefined, table, usagePlan, callbackSecret: callbackSecret ?? '' };
  if (table !== undefined || usagePlan !== undefined || callbackSecret !== undefined)
    throw wrongUsage(
      'For a deployed fleet, give both --table and --usage-plan.',
      'They are the outputs StateTable of the platform stack and UsagePlanId of the API stack.',
    );
  const running = findRunningFleet();
  if (!running)
    throw new UserError(
      'No fleet is running on this machine.',
      'Start one with npm start, or give --table and --usage-plan of a deployed one, with AWS credentials.',
    );
  const { api, endpoint } = running;
  return { endpoint, table: api.table, usagePlan: api.usagePlan, callbackSecret: api.callbackSecret };
}

/** Runs `act` with a fleet's key stores. Errors of AWS get a remedy. */
export async function withKeys<Done>(options: PlaceOptions, act: (keys: Keeping) => Promise<Done>): Promise<Done> {
  const place = findPlace(options);
  const keys = keeping(place);
  try {
    return await act(keys);
  } catch (error) {
    throw awsError(error, REMEDIES, place.endpoint !== undefined);
  } finally {
    keys.close();
  }
}

const REMEDIES: Remedies = {
  ResourceNotFoundException: 'Check --table and --callback-secret against the outputs of the platform stack.',
  NotFoundException: 'Check --usage-plan against the output UsagePlanId of the API stack.',
  AccessDeniedException: 'Use credentials with write access to the state table and to API Gateway’s keys.',
};

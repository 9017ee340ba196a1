import { findRunningFleet } from '../fleet/registry.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { keeping, type Keeping, type KeyPlace } from './keeping.ts';

/** Where the keys are, as the command line says. */
export interface PlaceOptions {
  readonly table?: string;
  readonly usagePlan?: string;
  readonly callbackSecret?: string;
}

/** The keys of a deployed fleet where its table is named, else of the one that runs here. Throws `UserError`. */
export function findPlace({ table, usagePlan, callbackSecret }: PlaceOptions): KeyPlace {
  if (table !== undefined && usagePlan !== undefined)
    return { endpoint: undefined, table, usagePlan, callbackSecret: callbackSecret ?? '' };
  if (table !== undefined || usagePlan !== undefined || callbackSecret !== undefined)
    throw wrongUsage(
      'A deployed fleet’s keys need both --table and --usage-plan.',
      'They are outputs of its stacks: StateTable of the platform stack, UsagePlanId of the API stack.',
    );
  const running = findRunningFleet();
  if (!running)
    throw new UserError(
      'No fleet is running here.',
      'Start one with npm start, or name a deployed one by --table and --usage-plan, with AWS credentials.',
    );
  const { api, endpoint } = running;
  return { endpoint, table: api.table, usagePlan: api.usagePlan, callbackSecret: api.callbackSecret };
}

/** Does something with a fleet's keys; what AWS refuses is said with the remedy. */
export async function withKeys<Done>(options: PlaceOptions, act: (keys: Keeping) => Promise<Done>): Promise<Done> {
  const keys = keeping(findPlace(options));
  try {
    return await act(keys);
  } catch (error) {
    throw refusedByAws(error);
  } finally {
    keys.close();
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ResourceNotFoundException: 'Check --table and --callback-secret against the outputs of the platform stack.',
  NotFoundException: 'Check --usage-plan against the output UsagePlanId of the API stack.',
  AccessDeniedException: 'Use credentials that may write the state table and API Gateway’s keys.',
};

function refusedByAws(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const remedy = REMEDIES[error.name];
  return remedy === undefined ? error : new UserError(`AWS refused: ${error.message}`, remedy);
}

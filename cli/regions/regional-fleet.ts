import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parseRegions, type Regions } from '#adapters/aws/regions.ts';
import { timeouts } from '#adapters/aws/timeouts.ts';
import { readHeld } from '#adapters/dynamodb/regions/home-holders.ts';
import { regionParts, type SharedRegionParts } from '#adapters/dynamodb/regions/region-parts.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { HomeLost } from '#core/regions/homed-tasks.ts';
import { command } from '#core/waiting/commands.ts';
import { fleetEnvironment } from '../api/environment.ts';
import { localClient } from '../fleet/connection.ts';
import { deployedOutputs } from '../fleet/deployed-outputs.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import { findRunningGlobal, type RunningGlobal } from '../global/registry.ts';
import { ANSWERS_WITHIN_MS } from '../global/silence.ts';
import { homesTable, readTopology, type RegionName } from '../global/topology.ts';
import { noAnswer } from '../aws-error.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { optionsOf, problemOf, type Unreached } from './unreached.ts';

/** One of the regions of a fleet, as a command that writes to it sees it. */
export interface RegionOfFleet extends RegionName {
  /** The SDK's options for it. A region that does not answer must not hold up the others. */
  readonly options: { readonly region: string; readonly maxAttempts: number };
  /** The id of its usage plan for keys. */
  readonly usagePlan: () => Promise<string>;
  /** The URL of its queue of callbacks. */
  readonly callbackQueue: () => Promise<string>;
  /** The name of the secret that signs callbacks. Undefined where the user has to name it. */
  readonly callbackSecret: string | undefined;
}

/** A fleet of three regions, on this machine or deployed. Its items are written where their home is held. */
export interface RegionalFleet {
  /** As `--env` names it. Null on this machine. */
  readonly environment: string | null;
  readonly stateTable: string;
  readonly regions: readonly RegionOfFleet[];
  /** What a process of a region has, that may send what belongs to another region's home there. */
  readonly partsIn: (region: RegionIndex) => SharedRegionParts;
  close(): void;
}

/**
 * The fleet of three regions that a command names by `--env`, or that runs on this machine where the command names none. Null
 * for a fleet of one region. Throws a `UserError`.
 * @param parts the options that name parts of a fleet of one region
 */
export function namedRegions(
  environment: string | undefined,
  parts: Readonly<Record<string, string | undefined>>,
): RegionalFleet | null {
  const isGiven = Object.values(parts).some((value) => value !== undefined);
  if (environment === undefined) return isGiven || fleetEnvironment.prefix !== undefined ? null : localRegions();
  if (!isGiven) return deployedRegions(environment);
  throw wrongUsage('--env names all regions of a fleet.', 'Leave out the options that name parts of one region.');
}

/** The fleet of a deployed environment, with the AWS credentials of this shell. Throws a `UserError` for one of one region. */
function deployedRegions(environment: string): RegionalFleet {
  const topology = readTopology(environment);
  const { prefix, stateTable } = topology;
  const regions = topology.regions.map(({ name, region }): RegionOfFleet => {
    const output = async (system: string, key: string): Promise<string> =>
      (await deployedOutputs({ prefix, system, region }, [key]))[key] ?? '';
    return {
      name,
      region,
      options: optionsFor(region),
      usagePlan: () => output('api', 'UsagePlanId'),
      callbackQueue: () => output('platform', 'CallbackQueueUrl'),
      callbackSecret: undefined,
    };
  });
  return fleetOf({ environment, stateTable, homesTable: homesTable(topology), regions });
}

/**
 * The regions that run on this machine. Null if none do, if a fleet of one region runs beside them, or if `FLEET_URL` names
 * another fleet.
 */
function localRegions(): RegionalFleet | null {
  const running = findRunningGlobal();
  if (running === null || !isMeant(running)) return null;
  const regions = running.regions.map(({ name, region, endpoint, api }): RegionOfFleet => {
    const known = async (value: string | undefined): Promise<string> => {
      if (value !== undefined) return value;
      throw new UserError(`Region ${name} is down.`, `Start it: ${command('global', 'start', name)}.`);
    };
    return {
      name,
      region,
      options: optionsFor(region, endpoint),
      usagePlan: () => known(api?.usagePlan),
      callbackQueue: () => known(api?.callbackQueue),
      callbackSecret: api?.callbackSecret,
    };
  });
  const stateTable = running.regions.find(({ api }) => api !== null)?.api?.table ?? `${running.prefix}-state`;
  return fleetOf({ environment: null, stateTable, homesTable: homesTable(running), regions });
}

function isMeant({ regions }: RunningGlobal): boolean {
  const { url } = fleetEnvironment;
  if (url === undefined) return findRunningFleet() === null;
  return regions.some(({ api }) => api?.url === url.replace(/\/+$/, ''));
}

const optionsFor = (region: string, endpoint?: string) => ({
  region,
  maxAttempts: 2,
  requestHandler: timeouts({ requestTimeout: ANSWERS_WITHIN_MS }),
  ...(endpoint !== undefined && localClient(endpoint, region)),
});

export interface RegionalFleetOptions extends Pick<RegionalFleet, 'environment' | 'stateTable' | 'regions'> {
  readonly homesTable: string;
}

/** A fleet by its regions. */
export function fleetOf({ homesTable, ...fleet }: RegionalFleetOptions): RegionalFleet {
  const { regions, stateTable } = fleet;
  const clients = regions.map(({ options }) => new DynamoDBClient(options));
  const clientOf = (index: RegionIndex): DynamoDBClient => {
    const client = clients[index];
    if (client === undefined) throw new Error(`The fleet has no region ${index}.`);
    return client;
  };
  const all = regions.map(({ name, region }) => ({ name, region }));
  return {
    ...fleet,
    partsIn(index) {
      const json = JSON.stringify({ here: all[index]?.name, all, homesTable, forwards: true });
      return regionParts(parseRegions(json, stateTable) as Regions, clientOf);
    },
    close() {
      for (const client of clients) client.destroy();
    },
  };
}

/**
 * The region that holds a home now. Throws a `UserError` if none does, and what the first table says if none answers.
 */
export async function holderOf({ regions, environment, partsIn }: RegionalFleet, home: RegionIndex): Promise<number> {
  const { regions: here, clients } = partsIn(0);
  const asked = await Promise.allSettled(
    regions.map((_, index) => readHeld(here, clients, index, AbortSignal.timeout(ANSWERS_WITHIN_MS))),
  );
  const isHeldBy = (answer: (typeof asked)[number], index: RegionIndex): boolean =>
    answer.status === 'fulfilled' &&
    answer.value.some((each) => each.home === home && each.holder === index && each.until > Date.now());
  const holder = asked.findIndex(isHeldBy);
  if (holder !== -1) return holder;
  const [first] = asked;
  if (first?.status === 'rejected' && asked.every(({ status }) => status === 'rejected')) throw first.reason;
  throw notHeld(regions[home]?.name ?? '', environment);
}

/** That no region holds a home, as an error for the user. */
const notHeld = (home: string, environment: string | null): UserError =>
  new UserError(
    `No region holds the home ${home} at the moment, so nothing that belongs to it can be written.`,
    `A takeover takes up to 45 seconds: run the command again then. ${command('regions', ...optionsOf(environment))} shows who holds it.`,
  );

/** An error of a home that was lost meanwhile, or of regions that do not answer, as one for the user; else the error itself. */
export function regionalError(error: unknown, { environment, regions }: RegionalFleet): unknown {
  if (error instanceof HomeLost) return notHeld(regions[0]?.name ?? '', environment);
  // On this machine, what does not answer has stopped, which every command says in the same way.
  return (environment === null ? null : noAnswer(error)) ?? error;
}

/** Does something in each region at once. Throws the first error if it was done in none. */
export async function inEachRegion<Done>(
  { regions }: RegionalFleet,
  act: (region: RegionOfFleet, index: RegionIndex) => Promise<Done>,
): Promise<{ readonly done: readonly Done[]; readonly unreached: readonly Unreached[] }> {
  const tried = await Promise.allSettled(regions.map(act));
  const done = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [first] = tried;
  if (done.length === 0 && first?.status === 'rejected') throw first.reason;
  const unreached = tried.flatMap((one, index) =>
    one.status === 'rejected' ? [{ region: regions[index]?.name ?? '', problem: problemOf(one.reason) }] : [],
  );
  return { done, unreached };
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readItem } from '#adapters/dynamodb/conditional-put.ts';
import { CANARY_KEY, DRAIN_KEY } from '#adapters/dynamodb/regions/homes-table.ts';
import { localClient } from '../fleet/connection.ts';
import { homesOf, readHomes } from '../global/homes.ts';
import { isCutOff, readRegion as readNetwork } from '../global/network.ts';
import { findRunningGlobal, noRegions } from '../global/registry.ts';
import { whySilent, withinLimit } from '../global/silence.ts';
import { homesTable, readTopology, type RegionName } from '../global/topology.ts';
import type { HomesReading, RegionReading } from './reading.ts';
import { problemOf } from './unreached.ts';

/** A task API of a region on this machine. */
export interface RegionApi {
  readonly region: string;
  readonly url: string;
  readonly key: string;
}

/** The regions of a fleet, on this machine or deployed, by their tables of leases. */
export interface RegionPlaces {
  readonly regions: readonly RegionName[];
  /** The task API of each region on this machine that is up, with its key; null for a deployed fleet. */
  readonly apis: readonly RegionApi[] | null;
  readonly table: string;
  clientOf(region: RegionName): DynamoDBClient;
  /** Whether a region is cut off from all others. @default nobody can tell */
  readonly isCutOff?: (region: RegionName) => Promise<boolean>;
  /** Why a region did not answer, in words. */
  whySilent(region: RegionName, error: unknown): string;
  close(): void;
}

/**
 * Finds the regions of the environment that is named, with the AWS credentials of this shell, else those that run on this
 * machine. Throws a `UserError` if there are none.
 */
export function findRegions(environment: string | undefined): RegionPlaces {
  const running = findRunningGlobal();
  if (environment !== undefined) {
    const topology = readTopology(environment);
    return {
      ...placesOf(topology.regions, ({ region }) => ({ region })),
      apis: null,
      table: homesTable(topology),
      whySilent: (_, error) => problemOf(error),
    };
  }
  if (running === null) throw noRegions('For deployed ones, give --env NAME, with AWS credentials.');
  const { regions, key, secret } = running;
  const up = regions.filter(({ pid }) => pid !== null);
  const endpoints = new Map(regions.map(({ region, endpoint }) => [region, endpoint]));
  return {
    ...placesOf(regions, ({ region }) => localClient(endpoints.get(region) ?? '', region)),
    apis: up.flatMap(({ name, api }) => (api === null ? [] : [{ region: name, url: api.url, key }])),
    table: homesTable(running),
    async isCutOff({ name }) {
      const region = regions.find((each) => each.name === name);
      if (region === undefined || region.pid === null) return false;
      return isCutOff(await readNetwork(region, secret));
    },
    whySilent: ({ name }, error) => whySilent(regions.find((each) => each.name === name)?.pid ?? null, error),
  };
}

/** A region that is down must not hold up the others. */
const ATTEMPTS = 2;

function placesOf(regions: readonly RegionName[], options: (region: RegionName) => object) {
  const clients = new Map(
    regions.map((region) => [region.region, new DynamoDBClient({ ...options(region), maxAttempts: ATTEMPTS })]),
  );
  return {
    regions: regions.map(({ name, region }) => ({ name, region })),
    clientOf({ region }: RegionName): DynamoDBClient {
      const client = clients.get(region);
      if (client === undefined) throw new Error(`${region} is not a region of this fleet.`);
      return client;
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}

/**
 * Reads all tables. A region that does not answer has a problem. If none of a deployed fleet does, it throws what the first
 * one says.
 */
export async function readAllHomes(places: RegionPlaces): Promise<HomesReading> {
  const names = places.regions.map(({ name }) => name);
  const tried = await Promise.allSettled(places.regions.map((region) => withinLimit(readRegion(places, region))));
  const [first] = tried;
  const isDeployed = places.apis === null;
  if (isDeployed && first?.status === 'rejected' && tried.every(({ status }) => status === 'rejected'))
    throw first.reason;
  const regions = tried.map((one, index): RegionReading => {
    if (one.status === 'fulfilled') return one.value;
    const region = places.regions[index] ?? { name: '', region: '' };
    return {
      ...region,
      homes: [],
      outOfServiceSince: null,
      lastCanaryAt: null,
      cutOff: false,
      problem: places.whySilent(region, one.reason),
    };
  });
  return { regions, homes: homesOf(regions, names, Date.now()) };
}

async function readRegion(places: RegionPlaces, region: RegionName): Promise<RegionReading> {
  const at = { client: places.clientOf(region), table: places.table };
  const names = places.regions.map(({ name }) => name);
  const [homes, drain, canary, cutOff = false] = await Promise.all([
    readHomes(at, names),
    readItem(at, DRAIN_KEY),
    readItem(at, CANARY_KEY),
    places.isCutOff?.(region),
  ]);
  const numberOf = (value: string | undefined): number | null => (value === undefined ? null : Number(value));
  return {
    ...region,
    homes,
    outOfServiceSince: numberOf(drain?.['since']?.N),
    lastCanaryAt: numberOf(canary?.['acceptedAt']?.N),
    cutOff,
    problem: null,
  };
}

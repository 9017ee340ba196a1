import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localClient } from '../fleet/connection.ts';
import { homesOf, readHomes, type Home, type HomeView } from '../global/homes.ts';
import { findRunningGlobal } from '../global/registry.ts';
import { homesTable, readTopology, type RegionName } from '../global/topology.ts';
import { UserError } from '../user-error.ts';

/** The regions of a fleet, on this machine or deployed, by their tables of leases. */
export interface RegionPlaces {
  readonly regions: readonly RegionName[];
  /** A task API on this machine and its key; null for a deployed fleet. */
  readonly api: { readonly url: string; readonly key: string } | null;
  readonly table: string;
  clientOf(region: RegionName): DynamoDBClient;
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
    return { ...placesOf(topology.regions, ({ region }) => ({ region })), api: null, table: homesTable(topology) };
  }
  if (running === null)
    throw new UserError(
      'No regions are running on this machine.',
      'Start them with npm run fleet -- global up. For deployed ones, give --env NAME, with AWS credentials.',
    );
  const { regions, key } = running;
  const api = regions.find((region) => region.pid !== null && region.api !== null)?.api;
  const endpoints = new Map(regions.map(({ region, endpoint }) => [region, endpoint]));
  return {
    ...placesOf(regions, ({ region }) => localClient(endpoints.get(region) ?? '', region)),
    api: api ? { url: api.url, key } : null,
    table: homesTable(running),
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

/** What one region's table says, or why it could not be read. */
export interface RegionReading {
  readonly name: string;
  readonly region: string;
  readonly homes: readonly HomeView[];
  /** Null if it was read. */
  readonly problem: string | null;
}

export interface HomesReading {
  readonly regions: readonly RegionReading[];
  readonly homes: readonly Home[];
}

/** A table that does not answer within this time is not waited for: two of three tables say who holds a home. */
const LIMIT_MS = 5_000;

/** Reads all tables. A region that does not answer has a problem. */
export async function readAllHomes(places: RegionPlaces): Promise<HomesReading> {
  const names = places.regions.map(({ name }) => name);
  const regions = await Promise.all(
    places.regions.map(async (region): Promise<RegionReading> => {
      try {
        const place = { client: places.clientOf(region), table: places.table };
        return { ...region, homes: await within(LIMIT_MS, readHomes(place, names)), problem: null };
      } catch (error) {
        return { ...region, homes: [], problem: error instanceof Error ? error.message || error.name : String(error) };
      }
    }),
  );
  return { regions, homes: homesOf(regions, names, Date.now()) };
}

async function within<Value>(ms: number, reading: Promise<Value>): Promise<Value> {
  const limit = AbortSignal.timeout(ms);
  const late = new Promise<never>((_, reject) =>
    limit.addEventListener('abort', () => reject(new Error(`no answer within ${ms / 1_000} s`)), { once: true }),
  );
  return Promise.race([reading, late]);
}

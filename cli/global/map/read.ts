import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readItem } from '#adapters/dynamodb/conditional-put.ts';
import { DRAIN_KEY } from '#adapters/dynamodb/regions/homes-table.ts';
import { ApiClient } from '../../api/client.ts';
import { localClient } from '../../fleet/connection.ts';
import { readFleet } from '../../read-pools.ts';
import { homesOf, readHomes, type Home, type HomeView } from '../homes.ts';
import { readRegion, type RegionState } from '../network.ts';
import type { RunningGlobal, RunningRegion } from '../registry.ts';
import { DOWN, whySilent, withinLimit } from '../silence.ts';

/** Tasks of all tenants that have not ended, as a region sees them. */
export interface RegionTasks {
  readonly running: number;
  readonly queued: number;
  readonly parked: number;
}

/** One region in a map. What it did not answer in time is null. */
export interface RegionView {
  readonly name: string;
  readonly region: string;
  /** Up if its cloud answers, down if its process is known to have ended, starting if it is started again. */
  readonly status: 'up' | 'starting' | 'down' | 'no answer';
  /** Why it is not up. Null if it is. */
  readonly problem: string | null;
  /** Since when people have taken it out of service, in milliseconds since 1970. Null if they have not. */
  readonly outOfServiceSince: number | null;
  readonly api: string | null;
  /** Homes that it believes to hold now. */
  readonly holds: readonly string[];
  readonly tasks: RegionTasks | null;
  readonly replication: RegionState['replication'] | null;
  readonly network: RegionState['network'] | null;
}

/** The regions at one moment. Keys of `--json`. */
export interface GlobalMap {
  readonly asOf: string;
  readonly regions: readonly RegionView[];
  readonly homes: readonly Home[];
}

/** Returns a function that reads the map, with connections that it keeps. */
export function mapReader(running: () => RunningGlobal): { read(): Promise<GlobalMap>; close(): void } {
  const clients = new Map<string, DynamoDBClient>();
  const clientOf = ({ endpoint, region }: RunningRegion): DynamoDBClient => {
    const known = clients.get(region) ?? new DynamoDBClient({ ...localClient(endpoint, region), maxAttempts: 1 });
    clients.set(region, known);
    return known;
  };
  return {
    async read() {
      const now = Date.now();
      const fleet = running();
      const names = fleet.regions.map(({ name }) => name);
      const table = `${fleet.prefix}-homes`;
      const read = await Promise.all(
        fleet.regions.map((region) => readOne(fleet, region, { client: clientOf(region), table, names })),
      );
      const homes = homesOf(
        read.map(({ view, homes }) => ({ name: view.name, homes })),
        names,
        now,
      );
      const holds = (name: string): string[] =>
        homes.filter(({ holders }) => holders.includes(name)).map(({ home }) => home);
      const regions = read.map(({ view }): RegionView => ({ ...view, holds: holds(view.name) }));
      return { asOf: new Date(now).toISOString(), regions, homes };
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}

interface Tables {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly names: readonly string[];
}

async function readOne(
  fleet: RunningGlobal,
  region: RunningRegion,
  { client, table, names }: Tables,
): Promise<{ readonly view: Omit<RegionView, 'holds'>; readonly homes: readonly HomeView[] }> {
  const { name, pid, api } = region;
  const known = { name, region: region.region, api: api?.url ?? null };
  if (pid === null) {
    const status = region.starting === true ? 'starting' : DOWN;
    const unknown = { outOfServiceSince: null, tasks: null, replication: null, network: null };
    return { view: { ...known, status, problem: status, ...unknown }, homes: [] };
  }
  // A region that is starting, busy or cut off may not answer; the next reading will.
  const [state, homes, tasks, drain] = await Promise.allSettled([
    withinLimit(readRegion(region, fleet.secret)),
    withinLimit(readHomes({ client, table }, names)),
    api === null ? null : withinLimit(tasksOf(api.url, fleet.key)),
    withinLimit(readItem({ client, table }, DRAIN_KEY)),
  ]);
  const silent = [state, homes].find((one) => one.status === 'rejected');
  const problem = silent === undefined ? null : whySilent(pid, silent.reason);
  const { replication = null, network = null } = valueOf(state) ?? {};
  const status = problem === null ? 'up' : 'no answer';
  const since = valueOf(drain)?.['since']?.N;
  const outOfServiceSince = since === undefined ? null : Number(since);
  return {
    view: { ...known, status, problem, outOfServiceSince, tasks: valueOf(tasks), replication, network },
    homes: valueOf(homes) ?? [],
  };
}

const valueOf = <Value>(read: PromiseSettledResult<Value>): Value | null =>
  read.status === 'fulfilled' ? read.value : null;

async function tasksOf(url: string, key: string): Promise<RegionTasks> {
  const { pools } = await readFleet(new ApiClient({ url, key }));
  const sums = { running: 0, queued: 0, parked: 0 };
  for (const { tasks } of pools) {
    sums.running += tasks?.running ?? 0;
    sums.queued += tasks?.queued ?? 0;
    for (const count of Object.values(tasks?.parked ?? {})) sums.parked += count;
  }
  return sums;
}

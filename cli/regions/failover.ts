import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DRAIN_KEY } from '#adapters/dynamodb/regions/homes-table.ts';
import { ApiClient } from '../api/client.ts';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { homeOfTask } from '#core/regions/home.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { RegionName } from '../global/topology.ts';
import type { HomesReading, RegionPlaces } from './places.ts';

/** What a failover away from a region would hand over. Keys of `--json`. */
export interface FailoverPlan {
  readonly from: string;
  /** Homes that the region holds now. */
  readonly homes: readonly HandedOver[];
  /** Regions whose tables of leases answer: two are needed. */
  readonly tables: readonly string[];
  /** Whether the others could take the homes over now. */
  readonly possible: boolean;
}

export interface HandedOver {
  readonly home: string;
  readonly epoch: number | null;
  /** In the order in which they may take it over: the first after about 30 s, each further one 10 s later. */
  readonly candidates: readonly string[];
  /** Tasks of this home that have not ended. Null where no task API was asked. */
  readonly openTasks: OpenTasks | null;
}

export interface OpenTasks {
  readonly count: number;
  /** False if there are more than were counted. */
  readonly complete: boolean;
}

const MAJORITY = 2;

/** Says what a failover would do. Changes nothing. */
export async function planFailover(
  places: RegionPlaces,
  { regions, homes }: HomesReading,
  from: RegionName,
): Promise<FailoverPlan> {
  const names = places.regions.map(({ name }) => name);
  const tables = regions.filter(({ problem, name }) => problem === null && name !== from.name).map(({ name }) => name);
  const held = homes.filter(({ holders }) => holders.includes(from.name));
  const open = places.api === null ? null : await openTasksByHome(places.api, names);
  return {
    from: from.name,
    homes: held.map(({ home, epoch }) => ({
      home,
      epoch,
      candidates: candidatesFor(home, names).filter((name) => name !== from.name),
      openTasks: open && (open.get(home) ?? { count: 0, complete: true }),
    })),
    tables,
    possible: tables.length >= MAJORITY,
  };
}

/** The home's own region first, then the others in the fleet's order after it. */
function candidatesFor(home: string, names: readonly string[]): readonly string[] {
  const index = names.indexOf(home);
  return [...names.slice(index), ...names.slice(0, index)];
}

/** Takes a region out of service: its keeper gives up all homes, and takes none over, until `undrain`. */
export async function drain(places: RegionPlaces, from: RegionName): Promise<void> {
  const Item = { ...DRAIN_KEY, since: { N: String(Date.now()) } };
  await places.clientOf(from).send(new PutItemCommand({ TableName: places.table, Item }));
}

/** Puts a region back into service. */
export async function undrain(places: RegionPlaces, region: RegionName): Promise<void> {
  await places.clientOf(region).send(new DeleteItemCommand({ TableName: places.table, Key: DRAIN_KEY }));
}

const PAGE = 100;
/** More are not counted, so that a full fleet is not read as a whole. */
const MAX_PAGES = 20;
const OPEN = ['queued', 'running', 'parked'] as const;

async function openTasksByHome(
  target: { readonly url: string; readonly key: string },
  names: readonly string[],
): Promise<ReadonlyMap<string, OpenTasks>> {
  const api = new ApiClient(target);
  const counts = new Map<string, number>();
  let complete = true;
  for (const status of OPEN) {
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
      if (page === MAX_PAGES) {
        complete = false;
        break;
      }
      const query = { status, limit: PAGE, cursor };
      const { tasks, next } = await api.call(taskOperations.listTasks, taskPageSchema, { query });
      for (const { id } of tasks) {
        const home = names[homeOfTask(id, names)] ?? '';
        counts.set(home, (counts.get(home) ?? 0) + 1);
      }
      cursor = next;
    }
  }
  return new Map(names.map((name) => [name, { count: counts.get(name) ?? 0, complete }]));
}

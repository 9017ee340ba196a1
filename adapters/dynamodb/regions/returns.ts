import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { doesWork } from '#core/regions/canary.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { isReturning, worksSince } from '#core/regions/failback.ts';
import { isAway } from '../../aws/is-away.ts';
import type { Regions } from '../../aws/regions.ts';
import { readItem } from '../conditional-put.ts';
import { readLastCanary } from './canaries.ts';
import { DRAIN_KEY, returnKey } from './homes-table.ts';
import type { RegionalClients } from './regional-clients.ts';

export interface ReturnsOptions {
  readonly regions: Regions;
  readonly clients: RegionalClients;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

const number = z.object({ N: z.coerce.number() });
const stored = z.object({ since: number, epoch: number.default({ N: -1 }) });

/**
 * Whether this region gives up a home that it holds: all of them while it is drained, and a home of another region when that
 * one has worked without a fault for a while. Keepers live for minutes only, so what they have seen is stored.
 */
export async function givesUp(options: ReturnsOptions, home: RegionIndex, ownEpoch: number | null): Promise<boolean> {
  const { regions, clients, now = Date.now } = options;
  const client = clients(regions.index);
  const TableName = regions.homesTable;
  const at = { client, table: TableName };
  if ((await readItem(at, DRAIN_KEY)) !== null) return true;
  if (home === regions.index || ownEpoch === null) return false;
  const Key = returnKey(regions.names[home] ?? '');
  const item = await readItem(at, Key);
  const kept = item ? stored.parse(item) : null;
  // What was seen under an earlier epoch says nothing of the time since the takeover. 1 means that people want it now.
  const before = kept && (kept.epoch.N === ownEpoch || kept.since.N === BY_HAND) ? kept.since.N : null;
  const since = worksSince(before, await worksAt(options, home), now());
  if (since !== before) {
    const next = { ...Key, since: { N: String(since) }, epoch: { N: String(ownEpoch) } };
    await (since === null
      ? client.send(new DeleteItemCommand({ TableName, Key }))
      : client.send(new PutItemCommand({ TableName, Item: next })));
  }
  return isReturning(since, now());
}

/** Whether another region than this one does its work, and nobody drains it. */
export async function othersWork(options: ReturnsOptions): Promise<boolean> {
  const { index, all } = options.regions;
  const others = [...all.keys()].filter((region) => region !== index);
  return (await Promise.all(others.map((region) => worksAt(options, region)))).includes(true);
}

/** The time that people store to have a home returned at once. */
const BY_HAND = 1;

/** Whether a region is known to do its work, and nobody drains it. A keeper goes on whatever is wrong with another region. */
async function worksAt(options: ReturnsOptions, region: RegionIndex): Promise<boolean> {
  const { regions, clients } = options;
  try {
    const drain = await readItem({ client: clients(region), table: regions.homesTable }, DRAIN_KEY);
    return drain === null && (await isAtWork(options, region));
  } catch {
    return false;
  }
}

/**
 * Whether a region does its work, as far as its table says now. One that does not answer does none. Throws what only people
 * can mend, such as a missing permission, since that says nothing of the region.
 */
export async function isAtWork(
  { regions, clients, now = Date.now }: ReturnsOptions,
  region: RegionIndex,
): Promise<boolean> {
  try {
    return doesWork(await readLastCanary({ ...regions, index: region }, clients), now());
  } catch (error) {
    if (isAway(error)) return false;
    throw error;
  }
}

import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { doesWork } from '#core/regions/canary.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { isReturning, worksSince } from '#core/regions/failback.ts';
import type { Regions } from '../../aws/regions.ts';
import { readLastCanary } from './canaries.ts';
import { DRAIN_KEY, returnKey } from './homes-table.ts';
import type { RegionalClients } from './regional-clients.ts';

export interface ReturnsOptions {
  readonly regions: Regions;
  readonly clients: RegionalClients;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

const stored = z.object({ since: z.object({ N: z.coerce.number() }) });

/**
 * Whether this region gives up a home that it holds: all of them while it is drained, and a home of another region when that
 * one has worked without a fault for a while. Keepers live for minutes only, so what they have seen is stored.
 */
export async function givesUp(options: ReturnsOptions, home: RegionIndex): Promise<boolean> {
  const { regions, clients, now = Date.now } = options;
  const client = clients(regions.index);
  const read = async (Key: typeof DRAIN_KEY | ReturnType<typeof returnKey>): Promise<number | null> => {
    const { Item: item } = await client.send(new GetItemCommand({ TableName: regions.homesTable, Key }));
    return item ? stored.parse(item).since.N : null;
  };
  if ((await read(DRAIN_KEY)) !== null) return true;
  if (home === regions.index) return false;
  const Key = returnKey(regions.names[home] ?? '');
  const doneAt = await readLastCanary({ ...regions, index: home }, clients).catch(() => null);
  const before = await read(Key);
  const since = worksSince(before, doesWork(doneAt, now()), now());
  if (since === before) return isReturning(since, now());
  const TableName = regions.homesTable;
  await (since === null
    ? client.send(new DeleteItemCommand({ TableName, Key }))
    : client.send(new PutItemCommand({ TableName, Item: { ...Key, since: { N: String(since) } } })));
  return isReturning(since, now());
}

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { RegionIndex } from '#core/regions/epoch.ts';
import type { Regions } from '../../aws/regions.ts';
import { readItem } from '../conditional-put.ts';
import { markKey } from './homes-table.ts';
import type { RegionalClients } from './regional-clients.ts';

/** What this region has last seen to at the edge, for a region whose home it holds. */
export interface NotedMark {
  readonly epoch: number;
  readonly lost: boolean;
}

const stored = z.object({
  epoch: z.object({ N: z.coerce.number().int() }),
  lost: z.object({ BOOL: z.boolean() }),
});

/** Null before the first note. */
export async function readNotedMark(
  { names, homesTable, index }: Regions,
  clients: RegionalClients,
  home: RegionIndex,
): Promise<NotedMark | null> {
  const item = await readItem({ client: clients(index), table: homesTable }, markKey(names[home] ?? ''));
  if (!item) return null;
  const { epoch, lost } = stored.parse(item);
  return { epoch: epoch.N, lost: lost.BOOL };
}

export async function noteMark(
  { names, homesTable, index }: Regions,
  clients: RegionalClients,
  home: RegionIndex,
  { epoch, lost }: NotedMark,
): Promise<void> {
  const item = { ...markKey(names[home] ?? ''), epoch: { N: String(epoch) }, lost: { BOOL: lost } };
  await clients(index).send(new PutItemCommand({ TableName: homesTable, Item: item }));
}

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { NotedMark } from '#core/regions/edge-marks.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import type { Regions } from '../../aws/regions.ts';
import { readItem } from '../conditional-put.ts';
import { markKey } from './homes-table.ts';
import type { RegionalClients } from './regional-clients.ts';

const number = z.object({ N: z.coerce.number().int() });
/** A note without times is checked at once. */
const stored = z.object({
  epoch: number,
  lost: z.object({ BOOL: z.boolean() }),
  since: number.default({ N: 0 }),
  checkedAt: number.default({ N: 0 }),
});

/** The mark that this region last checked at the edge, for a region whose home it holds. Null before the first note. */
export async function readNotedMark(
  { names, homesTable, index }: Regions,
  clients: RegionalClients,
  home: RegionIndex,
): Promise<NotedMark | null> {
  const item = await readItem({ client: clients(index), table: homesTable }, markKey(names[home] ?? ''));
  if (!item) return null;
  const { epoch, lost, since, checkedAt } = stored.parse(item);
  return { epoch: epoch.N, lost: lost.BOOL, since: since.N, checkedAt: checkedAt.N };
}

export async function noteMark(
  { names, homesTable, index }: Regions,
  clients: RegionalClients,
  home: RegionIndex,
  { epoch, lost, since, checkedAt }: NotedMark,
): Promise<void> {
  const item = {
    ...markKey(names[home] ?? ''),
    epoch: { N: String(epoch) },
    lost: { BOOL: lost },
    since: { N: String(since) },
    checkedAt: { N: String(checkedAt) },
  };
  await clients(index).send(new PutItemCommand({ TableName: homesTable, Item: item }));
}

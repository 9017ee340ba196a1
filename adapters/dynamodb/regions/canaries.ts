import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { Regions } from '../../aws/regions.ts';
import { readItem, unlessConditionFails } from '../conditional-put.ts';
import { CANARY_KEY } from './homes-table.ts';
import type { RegionalClients } from './regional-clients.ts';

const stored = z.object({ acceptedAt: z.object({ N: z.coerce.number() }) });

/** When the newest canary that ended in this region was accepted, in milliseconds since the epoch. */
export async function readLastCanary({ homesTable, index }: Regions, clients: RegionalClients): Promise<number | null> {
  const item = await readItem({ client: clients(index), table: homesTable }, CANARY_KEY);
  return item ? stored.parse(item).acceptedAt.N : null;
}

/** Notes that a canary has ended. An older one than the last changes nothing. */
export async function noteCanary(
  { homesTable, index }: Regions,
  clients: RegionalClients,
  acceptedAt: number,
): Promise<void> {
  const update = new UpdateItemCommand({
    TableName: homesTable,
    Key: CANARY_KEY,
    UpdateExpression: 'SET acceptedAt = :at',
    ConditionExpression: 'attribute_not_exists(pk) OR acceptedAt < :at',
    ExpressionAttributeValues: { ':at': { N: String(acceptedAt) } },
  });
  await unlessConditionFails(clients(index).send(update));
}

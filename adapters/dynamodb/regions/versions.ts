import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { epochOfKey, keyAtEpoch } from '#core/regions/epoch.ts';
import type { Item } from '../conditional-put.ts';
import { queried } from '../queried.ts';

/** An item as one epoch of its home wrote it. Its `sk` is the key without the epoch. */
export interface ItemVersion {
  readonly epoch: number;
  readonly item: Item;
}

/** Marks an item that an epoch deleted. What earlier epochs wrote stays, so its absence would bring it back. */
export const DELETED = 'isDeleted';

/** Reads all versions of an item that have arrived in a replica, strongly consistent there. */
export async function versionsOf(
  client: DynamoDBClient,
  table: string,
  pk: string,
  sk: string,
): Promise<readonly ItemVersion[]> {
  const query = {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': { S: pk }, ':sk': { S: sk } },
    ConsistentRead: true,
  };
  const versions: ItemVersion[] = [];
  for await (const item of queried({ client, table }, query)) {
    const key = item['sk']?.S ?? '';
    const epoch = epochOfKey(key);
    // Other items may have a longer key that begins with the same text.
    if (keyAtEpoch(sk, epoch) === key) versions.push({ epoch, item: { ...item, sk: { S: sk } } });
  }
  return versions;
}

/** The version that counts. */
export const newestVersion = (versions: readonly ItemVersion[]): ItemVersion | null =>
  versions.reduce<ItemVersion | null>((newest, one) => (newest && newest.epoch > one.epoch ? newest : one), null);

/** The item with the key that an epoch writes. */
export const itemAt = (item: Item, epoch: number): Item => ({
  ...item,
  sk: { S: keyAtEpoch(item['sk']?.S ?? '', epoch) },
});

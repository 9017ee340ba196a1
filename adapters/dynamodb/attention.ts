import type { Item, Table } from './conditional-put.ts';
import { firstOfEach } from './first-of-each.ts';
import { merge } from './merge.ts';
import { queried } from './queried.ts';
import { nameOf } from './read-items.ts';

/**
 * Reads shards of the attention index side by side, in the order of their times. An item has one entry, or, for a client that
 * shows the keys of its epochs, one for each.
 * @param until the last time, in milliseconds @default all
 */
export function byAttention(
  at: Table,
  shards: readonly string[],
  until = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Item> {
  const items = shards.map((shard) =>
    queried(at, {
      IndexName: 'attention',
      KeyConditionExpression: 'attentionShard = :shard AND attentionAt <= :until',
      ExpressionAttributeValues: { ':shard': { S: shard }, ':until': { N: String(until) } },
    }),
  );
  return firstOfEach(
    merge(items, (a, b) => timeOf(a) - timeOf(b)),
    nameOf,
  );
}

const timeOf = (item: Item): number => Number(item['attentionAt']?.N);

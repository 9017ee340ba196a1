import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { readItem, type Item, type Table } from './conditional-put.ts';

/** Keys per BatchGetItem request (API limit). */
const BATCH = 100;

/** Tells items apart by their keys. */
export const nameOf = ({ pk, sk }: Item): string => `${pk?.S} ${sk?.S}`;

/** The items of these keys that exist, strongly consistent. One alone is read by `GetItem`. */
export async function readItems(at: Table, keys: readonly Item[]): Promise<readonly Item[]> {
  const [only] = keys;
  if (only && keys.length === 1) {
    const item = await readItem(at, only);
    return item ? [item] : [];
  }
  const items: Item[] = [];
  for await (const item of batchRead(at, keys)) items.push(item);
  return items;
}

/** The same for a caller that may only use `BatchGetItem`, or has too many to hold at once. */
export async function* batchRead({ client, table }: Table, keys: readonly Item[]): AsyncGenerator<Item> {
  let rest = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  while (rest.length > 0) {
    const request = { [table]: { Keys: rest.slice(0, BATCH), ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems: request }));
    yield* Responses?.[table] ?? [];
    // A response is at most 16 MB. A request throttled completely is an error, which the SDK retries, so each round
    // makes progress.
    rest = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...rest.slice(BATCH)];
  }
}

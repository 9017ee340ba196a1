import { UpdateItemCommand, ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { apiKeySchema, type ApiKey } from '#core/keys/key.ts';
import type { KeyStore } from '#core/ports/key-store.ts';
import { unlessUnreadable } from '#core/stored/record.ts';
import { dynamodb } from './client.ts';
import { ABSENT, conditionalPut, readItem, type Item } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { isAt, listed } from './listing.ts';
import { parseBody } from './record.ts';
import { apiKeyKey, KEYS_LIST, listSort } from './state-table.ts';

/**
 * Stores keys in the state table. `revokedAt` is an attribute next to the body, so that revoking is one update that no
 * other write can undo.
 */
export function dynamodbKeyStore({ table, client = dynamodb() }: { table: string; client?: DynamoDBClient }): KeyStore {
  const at = { client, table };
  const keyOf = (hash: string): Item => {
    const { pk, sk } = apiKeyKey(hash);
    return { pk: { S: pk }, sk: { S: sk } };
  };
  const get = async (hash: string): Promise<ApiKey | null> => {
    const item = await readItem(at, keyOf(hash));
    return item && parseKey(item);
  };
  return {
    get,
    async create(key) {
      const listing = { listKey: { S: KEYS_LIST }, listSort: placeOf(key) };
      await conditionalPut(at, { ...keyOf(key.hash), ...listing, body: toBody(key, 'The key') }, ABSENT);
    },
    async replace(key) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(key.hash),
          UpdateExpression: 'SET body = :body, listSort = :place',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: {
            ':body': toBody({ ...key, revokedAt: undefined }, 'The key'),
            ':place': placeOf(key),
          },
        }),
      );
    },
    async revoke(hash, now) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: keyOf(hash),
            UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :now)',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':now': { N: String(now) } },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async *list() {
      const query = {
        KeyConditionExpression: 'listKey = :key',
        ExpressionAttributeValues: { ':key': { S: KEYS_LIST } },
      };
      for await (const entry of listed(at, query)) {
        const key = await unlessUnreadable(get((entry['pk']?.S ?? '').slice('KEY#'.length)), null);
        if (key && isAt(entry, { ...key, id: key.hash })) yield key;
      }
    },
  };
}

/** In the list of keys. */
const placeOf = ({ createdAt, hash }: ApiKey) => ({ S: listSort(createdAt, hash) });

function parseKey(item: Item): ApiKey {
  const revokedAt = item['revokedAt']?.N;
  return { ...parseBody(apiKeySchema, item), ...(revokedAt === undefined ? {} : { revokedAt: Number(revokedAt) }) };
}

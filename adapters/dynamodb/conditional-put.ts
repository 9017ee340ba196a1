import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

export interface Table {
  readonly client: DynamoDBClient;
  /** Name of the state table. */
  readonly table: string;
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

/** True while no item has this key. */
export const ABSENT: Condition = { ConditionExpression: 'attribute_not_exists(pk)' };

/** True while the item has this `version`. */
export const atVersion = (version: number): Condition => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': { N: String(version) } },
});

/**
 * Writes one item if the condition holds. When a response is lost, the SDK repeats the write and the condition fails on
 * our own item. `writeId` identifies that case, so a write that succeeded is never reported as a conflict.
 */
export async function conditionalPut(
  { client, table }: Table,
  item: Item,
  condition: Condition,
): Promise<'written' | 'refused'> {
  const writeId = randomUUID();
  try {
    await client.send(
      new PutItemCommand({ TableName: table, Item: { ...item, writeId: { S: writeId } }, ...condition }),
    );
    return 'written';
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if ((error.$metadata.attempts ?? 1) === 1) return 'refused';
    const stored = await readItem({ client, table }, item);
    return stored?.['writeId']?.S === writeId ? 'written' : 'refused';
  }
}

/** Reads an item by its key, strongly consistent. Null when it does not exist. */
export async function readItem({ client, table }: Table, key: Item): Promise<Item | null> {
  const { pk, sk } = key;
  if (!pk || !sk) throw new Error('A key of the state table needs pk and sk.');
  const { Item: item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }),
  );
  return item ?? null;
}

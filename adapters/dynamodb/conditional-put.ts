import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
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
export async function conditionalPut(at: Table, item: Item, condition: Condition): Promise<'written' | 'refused'> {
  return written(at, item, (marked) =>
    at.client.send(new PutItemCommand({ TableName: at.table, Item: marked, ...condition })),
  );
}

/**
 * Puts an item if none has its key, and returns null. Otherwise returns the item that has it, which the refusal contains.
 * Where a store leaves it out, it is read.
 */
export async function putIfAbsent(at: Table, item: Item): Promise<Item | null> {
  const marked = withWriteId(item);
  const put = new PutItemCommand({
    TableName: at.table,
    Item: marked,
    ...ABSENT,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const refusal = await refusalOf(at.client.send(put));
  if (!refusal) return null;
  const stored = refusal.Item ?? (await readItem(at, item));
  // It has expired since.
  if (!stored) return putIfAbsent(at, item);
  return isSameWrite(stored, marked) ? null : stored;
}

/** Attributes that an item has only in some states. A version without one removes it. */
const AT_TIMES = [
  'attentionShard',
  'attentionAt',
  'outboxShard',
  'outboxAt',
  'runKey',
  'finishedAt',
  'usd',
  'tokens',
  'expiresAt',
];

/**
 * Writes the next version of an item, if the version before it is the stored one: version 1 if there is none. Attributes
 * that this release does not know stay, since a newer one may depend on them (R1).
 *
 * A deploy gives a role the permission to update a little later than the code, and a rollback to 0.2 takes it a little
 * earlier. Meanwhile the item is replaced, as 0.2 does.
 */
export async function writeVersion(at: Table, item: Item, version: number): Promise<'written' | 'refused'> {
  if (version === 1) return conditionalPut(at, item, ABSENT);
  try {
    return await updateVersion(at, item, version);
  } catch (error) {
    if (error instanceof DynamoDBServiceException && error.name === 'AccessDeniedException')
      return conditionalPut(at, item, atVersion(version - 1));
    throw error;
  }
}

async function updateVersion(at: Table, item: Item, version: number): Promise<'written' | 'refused'> {
  const { pk, sk, ...attributes } = item;
  if (!pk || !sk) throw new Error('A key of the state table needs pk and sk.');
  const gone = AT_TIMES.filter((name) => !(name in attributes));
  return written(at, item, ({ writeId }) => {
    const set = Object.entries({ ...attributes, writeId: writeId ?? { NULL: true } });
    const update = new UpdateItemCommand({
      TableName: at.table,
      Key: { pk, sk },
      ...atVersion(version - 1),
      UpdateExpression: [
        `SET ${set.map(([name]) => `#${name} = :next_${name}`).join(', ')}`,
        ...(gone.length === 0 ? [] : [`REMOVE ${gone.map((name) => `#${name}`).join(', ')}`]),
      ].join(' '),
      // Includes #version, which the condition names too.
      ExpressionAttributeNames: Object.fromEntries(
        [...set.map(([name]) => name), ...gone].map((name) => [`#${name}`, name]),
      ),
      ExpressionAttributeValues: {
        ...atVersion(version - 1).ExpressionAttributeValues,
        ...Object.fromEntries(set.map(([name, value]) => [`:next_${name}`, value])),
      },
    });
    return at.client.send(update);
  });
}

async function written(
  at: Table,
  item: Item,
  write: (marked: Item) => Promise<unknown>,
): Promise<'written' | 'refused'> {
  const marked = withWriteId(item);
  const refusal = await refusalOf(write(marked));
  if (!refusal) return 'written';
  if ((refusal.$metadata.attempts ?? 1) === 1) return 'refused';
  return isSameWrite(await readItem(at, item), marked) ? 'written' : 'refused';
}

const withWriteId = (item: Item): Item => ({ ...item, writeId: { S: randomUUID() } });

const isSameWrite = (stored: Item | null, marked: Item): boolean => stored?.['writeId']?.S === marked['writeId']?.S;

/** The refusal of a write whose condition does not hold. Null if it was done. */
async function refusalOf(write: Promise<unknown>): Promise<ConditionalCheckFailedException | null> {
  try {
    await write;
    return null;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error;
    throw error;
  }
}

/** Waits for a conditional write that changes nothing where its condition does not hold. */
export async function unlessConditionFails<Answer>(write: Promise<Answer>): Promise<Answer | null> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
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

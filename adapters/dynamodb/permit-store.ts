import { DeleteItemCommand, QueryCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { PermitStore, Waiting } from '#core/ports/permit-store.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { permitsSchema } from '#core/tenants/permits.ts';
import { dynamodb } from './client.ts';
import { readItem, unlessConditionFails, writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { LINE_PREFIX, lineKey, permitsKey } from './state-table.ts';

export interface DynamodbPermitStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Stores permits in the state table: one item per tenant, and one per task in the tenant's line. */
export function dynamodbPermitStore({ table, client = dynamodb() }: DynamodbPermitStoreOptions): PermitStore {
  const at: Table = { client, table };
  return {
    async get(tenant) {
      const item = await readItem(at, keyOf(permitsKey(tenant)));
      return item && parseBody(permitsSchema, item);
    },
    async write(next) {
      const item = {
        ...keyOf(permitsKey(next.tenant)),
        version: { N: String(next.version) },
        body: toBody(next, `The permits of tenant ${next.tenant}`),
      };
      return (await writeVersion(at, item, next.version)) === 'written' ? 'written' : 'conflict';
    },
    async line(tenant, waiting) {
      const put = new UpdateItemCommand({
        TableName: table,
        Key: keyOf(lineKey(tenant, waiting.createdAt, waiting.taskId)),
        UpdateExpression: 'SET taskId = :task, createdAt = :at, epoch = :epoch',
        ExpressionAttributeValues: {
          ':task': { S: waiting.taskId },
          ':at': { N: String(waiting.createdAt) },
          ':epoch': { N: String(waiting.epoch) },
        },
      });
      await client.send(put);
    },
    async first(tenant, count) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': { S: permitsKey(tenant).pk }, ':prefix': { S: LINE_PREFIX } },
          ConsistentRead: true,
          Limit: count,
        }),
      );
      return Items.map(parseWaiting);
    },
    async unline(tenant, { createdAt, taskId, epoch }) {
      const take = new DeleteItemCommand({
        TableName: table,
        Key: keyOf(lineKey(tenant, createdAt, taskId)),
        ConditionExpression: 'attribute_not_exists(epoch) OR epoch <= :epoch',
        ExpressionAttributeValues: { ':epoch': { N: String(epoch) } },
      });
      await unlessConditionFails(client.send(take));
    },
  };
}

const keyOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }): Item => ({ pk: { S: pk }, sk: { S: sk } });

const waitingItemSchema = z
  .object({
    taskId: z.object({ S: taskIdSchema }),
    createdAt: z.object({ N: z.coerce.number() }),
    // Items written by an earlier version have no epoch.
    epoch: z.object({ N: z.coerce.number() }).default({ N: 0 }),
  })
  .transform(({ taskId, createdAt, epoch }): Waiting => ({ taskId: taskId.S, createdAt: createdAt.N, epoch: epoch.N }));

const parseWaiting = (item: Item): Waiting => waitingItemSchema.parse(item);

import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { PermitStore, Waiting } from '#core/ports/permit-store.ts';
import { taskIdSchema } from '#core/tasks/task.ts';
import { permitsSchema } from '#core/tenants/permits.ts';
import { dynamodb } from './client.ts';
import { ABSENT, atVersion, conditionalPut, readItem, type Item, type Table } from './conditional-put.ts';
import { fromBody, toBody } from './item-body.ts';
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
      return item && permitsSchema.parse(fromBody(item['body']));
    },
    async write(next) {
      const item = {
        ...keyOf(permitsKey(next.tenant)),
        version: { N: String(next.version) },
        body: toBody(next, `The permits of tenant ${next.tenant}`),
      };
      const condition = next.version === 1 ? ABSENT : atVersion(next.version - 1);
      return (await conditionalPut(at, item, condition)) === 'written' ? 'written' : 'conflict';
    },
    async line(tenant, waiting) {
      const item = {
        ...keyOf(lineKey(tenant, waiting.createdAt, waiting.taskId)),
        taskId: { S: waiting.taskId },
        createdAt: { N: String(waiting.createdAt) },
        epoch: { N: String(waiting.epoch) },
      };
      await client.send(new PutItemCommand({ TableName: table, Item: item }));
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
      await client.send(take).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
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

import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { callbackMessageSchema } from '#core/callbacks/event.ts';
import type { CallbackStore } from '#core/ports/callback-store.ts';
import { storedRecord } from '#core/stored/record.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task.ts';
import { dynamodb } from './client.ts';
import { readItem, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { merge } from './merge.ts';
import { queried } from './queried.ts';
import { parseBody } from './record.ts';
import { callbackKey, callbackShard, callbackShards, idOfCallbackKey } from './state-table.ts';

export interface DynamodbCallbackStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

const parkedSchema = storedRecord({
  callback: callbackMessageSchema,
  attempts: z.number().int().nonnegative(),
  dueAt: z.number(),
});

/** Stores parked callbacks in the state table, one item per task. They never expire: each is sent or dies in its queue. */
export function dynamodbCallbackStore({ table, client = dynamodb() }: DynamodbCallbackStoreOptions): CallbackStore {
  const at: Table = { client, table };
  return {
    async park(parked) {
      const { taskId } = parked.callback;
      const item: Item = {
        ...keyOf(taskId),
        attentionShard: { S: callbackShard(taskId) },
        attentionAt: { N: String(parked.dueAt) },
        body: toBody(parked, `The callback of task ${taskId}`),
      };
      await client.send(new PutItemCommand({ TableName: table, Item: item }));
    },
    due: (now) => due(at, now),
    async get(id) {
      const item = await readItem(at, keyOf(id));
      return item && parseBody(parkedSchema, item);
    },
    async remove({ callback, dueAt }) {
      const remove = new DeleteItemCommand({
        TableName: table,
        Key: keyOf(callback.taskId),
        ConditionExpression: 'attentionAt = :due',
        ExpressionAttributeValues: { ':due': { N: String(dueAt) } },
      });
      await client.send(remove).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    },
  };
}

async function* due(at: Table, now: number): AsyncGenerator<TaskId> {
  const shards = callbackShards.map((shard) =>
    queried(at, {
      IndexName: 'attention',
      KeyConditionExpression: 'attentionShard = :shard AND attentionAt <= :now',
      ExpressionAttributeValues: { ':shard': { S: shard }, ':now': { N: String(now) } },
    }),
  );
  const dueAt = (item: Item): number => Number(item['attentionAt']?.N);
  for await (const { pk } of merge(shards, (a, b) => dueAt(a) - dueAt(b))) {
    yield taskIdSchema.parse(idOfCallbackKey(pk?.S ?? ''));
  }
}

function keyOf(id: TaskId): { pk: { S: string }; sk: { S: string } } {
  const { pk, sk } = callbackKey(id);
  return { pk: { S: pk }, sk: { S: sk } };
}

import { DeleteItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { callbackMessageSchema } from '#core/callbacks/event.ts';
import type { CallbackStore, DueCallback } from '#core/ports/callback-store.ts';
import { storedRecord } from '#core/stored/record.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { byAttention } from './attention.ts';
import { dynamodb } from './client.ts';
import { readItem, unlessConditionFails, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { homesHeld } from './regions/homed-task-store.ts';
import { regionPartsHere, type SharedRegionParts } from './regions/region-parts.ts';
import { callbackKey, callbackShard, callbackShards, parseCallbackKey } from './state-table.ts';

export interface DynamodbCallbackStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
  /** The regions of a global fleet. @default those of the process, unless it is given a client */
  readonly parts?: SharedRegionParts | null;
}

const parkedSchema = storedRecord({
  callback: callbackMessageSchema,
  attempts: z.number().int().nonnegative(),
  leftAlone: z.number().int().positive().optional(),
  dueAt: z.number(),
});

/** Stores parked callbacks in the state table, one item per task. They never expire: each is sent or dies in its queue. */
export function dynamodbCallbackStore(options: DynamodbCallbackStoreOptions): CallbackStore {
  const { parts = options.client ? null : regionPartsHere() } = options;
  const { table, client = parts?.client ?? dynamodb() } = options;
  const at: Table = { client, table };
  const homes = async (): Promise<readonly string[]> => (parts ? homesHeld(parts) : ['']);
  return {
    async park(parked) {
      const { taskId } = parked.callback;
      const item: Item = {
        ...keyOf(parked.callback),
        attentionShard: { S: callbackShard(taskId) },
        attentionAt: { N: String(parked.dueAt) },
        body: toBody(parked, `The callback of task ${taskId}`),
      };
      await client.send(new PutItemCommand({ TableName: table, Item: item }));
    },
    due: (now) => due(at, homes, now),
    async get(callback) {
      const item = await readItem(at, keyOf(callback));
      return item && parseBody(parkedSchema, item);
    },
    async remove({ callback, dueAt }) {
      const remove = new DeleteItemCommand({
        TableName: table,
        Key: keyOf(callback),
        ConditionExpression: 'attentionAt = :due',
        ExpressionAttributeValues: { ':due': { N: String(dueAt) } },
      });
      await unlessConditionFails(client.send(remove));
    },
  };
}

/** In a global fleet only those of homes that this region holds: others wait in its replica too. */
async function* due(at: Table, homes: () => Promise<readonly string[]>, now: number): AsyncGenerator<DueCallback> {
  const shards = (await homes()).flatMap((home) => callbackShards(home));
  for await (const { pk, sk } of byAttention(at, shards, now)) {
    const { id, tenant } = parseCallbackKey(pk?.S ?? '', sk?.S ?? '');
    yield { taskId: taskIdSchema.parse(id), tenant };
  }
}

function keyOf({ taskId, tenant }: DueCallback): { pk: { S: string }; sk: { S: string } } {
  const { pk, sk } = callbackKey(taskId, tenant);
  return { pk: { S: pk }, sk: { S: sk } };
}

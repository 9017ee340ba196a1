import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { batchSchema, type Batch } from '#core/economy/batch.ts';
import type { BatchStore } from '#core/ports/batch-store.ts';
import { byAttention } from './attention.ts';
import { dynamodb } from './client.ts';
import { ABSENT, conditionalPut, readItem, writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { homesHeld } from './regions/homed-task-store.ts';
import { regionPartsHere, type SharedRegionParts } from './regions/region-parts.ts';
import { batchKey, idOfBatchKey, nameInFront, openBatchShard } from './state-table.ts';

export interface DynamodbBatchStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
  /** The regions of a global fleet. @default those of the process, unless it is given a client */
  readonly parts?: SharedRegionParts | null;
}

/** Days that a batch is kept after it ends. The provider keeps results for 29 days. */
const KEPT_DAYS = 30;
const DAY_S = 86_400;

/** Stores batches in the state table. In a global fleet only those of homes that this region holds are found as open. */
export function dynamodbBatchStore(options: DynamodbBatchStoreOptions): BatchStore {
  const { parts = options.client ? null : regionPartsHere() } = options;
  const { table, client = parts?.client ?? dynamodb() } = options;
  const at: Table = { client, table };
  return {
    async get(id) {
      const item = await readItem(at, keyOf(id));
      return item && parseBody(batchSchema, item);
    },
    async create(batch) {
      if ((await conditionalPut(at, itemOf(batch), ABSENT)) === 'refused') {
        throw new Error(`Batch ${batch.id} already exists.`);
      }
    },
    async replace(next) {
      const outcome = await writeVersion(at, itemOf(next), next.version);
      return outcome === 'written' ? 'replaced' : 'conflict';
    },
    async *open(agent) {
      const shards = (parts ? await homesHeld(parts) : ['']).map((home) => openBatchShard(agent, home));
      for await (const { pk } of byAttention(at, shards)) yield idOfBatchKey(pk?.S ?? '');
    },
  };
}

function keyOf(id: string): Item {
  const { pk, sk } = batchKey(id);
  return { pk: { S: pk }, sk: { S: sk } };
}

function itemOf(batch: Batch): Item {
  const { id, agent, begunAt, version, state } = batch;
  const attention: Item =
    state.status === 'over'
      ? { expiresAt: { N: String(Math.ceil(state.at / 1_000) + KEPT_DAYS * DAY_S) } }
      : { attentionShard: { S: openBatchShard(agent, nameInFront(id)) }, attentionAt: { N: String(begunAt) } };
  return { ...keyOf(id), version: { N: String(version) }, body: toBody(batch, `Batch ${id}`), ...attention };
}

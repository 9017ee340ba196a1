import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PoolStore } from '#core/ports/pool-store.ts';
import { poolSchema, type Pool } from '#core/pools/pool.ts';
import { dynamodb } from './client.ts';
import { readItem, writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { poolKey } from './state-table.ts';

export interface DynamodbPoolStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

/** How long a cached pool is used. */
const KEPT_MS = 2_000;

/** Stores pools in the state table. Each process reads a pool at most every two seconds. */
export function dynamodbPoolStore({ table, client = dynamodb(), now = Date.now }: DynamodbPoolStoreOptions): PoolStore {
  const at: Table = { client, table };
  const viewed = new Map<string, { readonly until: number; readonly pool: Promise<Pool | null> }>();
  return {
    get: (agent) => read(at, agent),
    view(agent) {
      const kept = viewed.get(agent);
      if (kept && now() < kept.until) return kept.pool;
      const pool = read(at, agent);
      viewed.set(agent, { until: now() + KEPT_MS, pool });
      pool.catch(() => viewed.delete(agent));
      return pool;
    },
    async write(next) {
      const item = { ...keyOf(next.agent), version: { N: String(next.version) }, body: toBody(next, 'A pool') };
      viewed.delete(next.agent);
      return (await writeVersion(at, item, next.version)) === 'written' ? 'written' : 'conflict';
    },
  };
}

async function read(at: Table, agent: string): Promise<Pool | null> {
  const item = await readItem(at, keyOf(agent));
  return item && parseBody(poolSchema, item);
}

function keyOf(agent: string): Item {
  const { pk, sk } = poolKey(agent);
  return { pk: { S: pk }, sk: { S: sk } };
}

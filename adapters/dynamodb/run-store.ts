import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RunStore } from '#core/ports/run-store.ts';
import { runSchema, withMark, type Run } from '#core/runs/run.ts';
import { unlessUnreadable } from '#core/stored/record.ts';
import { dynamodb } from './client.ts';
import { ABSENT, conditionalPut, readItem, type Item } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { isAt, listed } from './listing.ts';
import { parseBody } from './record.ts';
import { listSort, runItemKey, runListKey } from './state-table.ts';

export interface DynamodbRunStoreOptions {
  readonly table: string;
  /** Days that a run is kept, the same as its tasks. @default 30 */
  readonly retentionDays?: number;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Sorts after every timestamp. */
const END = '9';

/** Stores runs in the state table. Each is one item. */
export function dynamodbRunStore({
  table,
  retentionDays = 30,
  client = dynamodb(),
}: DynamodbRunStoreOptions): RunStore {
  const at = { client, table };
  const get = async (tenant: string, id: string): Promise<Run | null> => {
    const item = await readItem(at, keyOf(tenant, id));
    return item && parseBody(runSchema, item);
  };
  return {
    get,
    async create(run) {
      for (;;) {
        if ((await conditionalPut(at, runItem(run, retentionDays), ABSENT)) === 'written')
          return { created: true, run };
        const existing = await get(run.tenant, run.id);
        // The item can only disappear between the two calls by expiring. Then the id is free.
        if (existing) return { created: false, run: existing };
      }
    },
    async mark(tenant, id, what, time) {
      for (;;) {
        const item = await readItem(at, keyOf(tenant, id));
        const run = item && parseBody(runSchema, item);
        const marked = run && withMark(run, what, time);
        if (!marked) return run;
        const next = { ...item, body: toBody(marked, `Run ${id}`) };
        if ((await conditionalPut(at, next, unchanged(item))) === 'written') return marked;
      }
    },
    async *list(tenant, after) {
      const before = after === undefined ? END : listSort(after.createdAt, after.id);
      const query = {
        KeyConditionExpression: 'listKey = :key AND listSort < :before',
        ExpressionAttributeValues: { ':key': { S: runListKey(tenant) }, ':before': { S: before } },
        ScanIndexForward: false,
      };
      for await (const entry of listed(at, query)) {
        const run = await unlessUnreadable(get(tenant, entry['sk']?.S ?? ''), null);
        if (run && isAt(entry, run)) yield run;
      }
    },
  };
}

/** True while nobody else has marked the run. */
const unchanged = ({ body }: Item) => ({
  ConditionExpression: 'body = :body',
  ExpressionAttributeValues: { ':body': body ?? { NULL: true } },
});

function keyOf(tenant: string, id: string): Item {
  const { pk, sk } = runItemKey(tenant, id);
  return { pk: { S: pk }, sk: { S: sk } };
}

function runItem(run: Run, retentionDays: number): Item {
  return {
    ...keyOf(run.tenant, run.id),
    listKey: { S: runListKey(run.tenant) },
    listSort: { S: listSort(run.createdAt, run.id) },
    expiresAt: { N: String(Math.ceil(run.createdAt / 1_000) + retentionDays * 86_400) },
    body: toBody(run, `Run ${run.id}`),
  };
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { bulkActionSchema, bulkPageSchema, type BulkAction, type BulkPage } from '#core/bulk/action.ts';
import type { BulkStore } from '#core/ports/bulk-store.ts';
import { unlessUnreadable } from '#core/stored/record.ts';
import { dynamodb } from './client.ts';
import { ABSENT, conditionalPut, readItem, writeVersion, type Item } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { isAt, listed } from './listing.ts';
import { parseBody } from './record.ts';
import { bulkKey, bulkListKey, bulkPageKey, listSort } from './state-table.ts';

export interface DynamodbBulkStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** Days that an action and its pages are kept. @default 30 */
  readonly retentionDays?: number;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
  /** Milliseconds since the epoch, for the expiry of pages. @default the system clock */
  readonly now?: () => number;
}

/** Sorts after every timestamp. */
const END = '9';

/** Stores bulk actions in the state table: one item per action, and one per page of its tasks. */
export function dynamodbBulkStore(options: DynamodbBulkStoreOptions): BulkStore {
  const { table, retentionDays = 30, client = dynamodb(), now = Date.now } = options;
  const at = { client, table };
  const expiry = (from: number): Item => ({
    expiresAt: { N: String(Math.ceil(from / 1_000) + retentionDays * 86_400) },
  });
  const actionItem = (action: BulkAction): Item => ({
    ...keyOf(bulkKey(action.tenant, action.id)),
    version: { N: String(action.version) },
    listKey: { S: bulkListKey(action.tenant) },
    listSort: { S: listSort(action.createdAt, action.id) },
    ...expiry(action.createdAt),
    body: toBody(action, `The bulk action ${action.id}`),
  });
  const get = async (tenant: string, id: string): Promise<BulkAction | null> => {
    const item = await readItem(at, keyOf(bulkKey(tenant, id)));
    return item && parseBody(bulkActionSchema, item);
  };
  const conflictUnless = (outcome: 'written' | 'refused') => (outcome === 'written' ? 'written' : 'conflict');
  return {
    get,
    async create(action) {
      for (;;) {
        if ((await conditionalPut(at, actionItem(action), ABSENT)) === 'written') return { created: true, action };
        const existing = await get(action.tenant, action.id);
        // The item can only disappear between the two calls by expiring. Then the id is free.
        if (existing) return { created: false, action: existing };
      }
    },
    write: async (next) => conflictUnless(await writeVersion(at, actionItem(next), next.version)),
    async *list(tenant, after) {
      const before = after === undefined ? END : listSort(after.createdAt, after.id);
      const query = {
        KeyConditionExpression: 'listKey = :key AND listSort < :before',
        ExpressionAttributeValues: { ':key': { S: bulkListKey(tenant) }, ':before': { S: before } },
        ScanIndexForward: false,
      };
      for await (const entry of listed(at, query)) {
        const action = await unlessUnreadable(get(tenant, entry['sk']?.S ?? ''), null);
        if (action && isAt(entry, action)) yield action;
      }
    },
    async getPage(list, index) {
      const item = await readItem(at, keyOf(bulkPageKey(list, index)));
      return item && parseBody(bulkPageSchema, item);
    },
    writePage: async (next) =>
      conflictUnless(await writeVersion(at, { ...pageItem(next), ...expiry(now()) }, next.version)),
  };
}

const keyOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }): Item => ({ pk: { S: pk }, sk: { S: sk } });

const pageItem = (page: BulkPage): Item => ({
  ...keyOf(bulkPageKey(page.list, page.index)),
  version: { N: String(page.version) },
  body: toBody(page, `Page ${page.index} of a bulk action`),
});

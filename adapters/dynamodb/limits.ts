import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tenantLimitsSchema, type Limits, type TenantLimits } from '#core/ports/limits.ts';
import { dynamodb } from './client.ts';
import { readItem, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { limitsKey } from './state-table.ts';

export interface DynamodbLimitsOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

/** How long a cached item is used. An operator's change takes effect everywhere within this time. */
const KEPT_MS = 30_000;

/** Stores limits in the state table. Each process reads those of a tenant at most every 30 seconds. */
export function dynamodbLimits({ table, client = dynamodb(), now = Date.now }: DynamodbLimitsOptions): Limits {
  const at: Table = { client, table };
  const known = new Map<string, { readonly until: number; readonly limits: Promise<TenantLimits> }>();
  return {
    ofTenant(tenant) {
      const kept = known.get(tenant);
      if (kept && now() < kept.until) return kept.limits;
      const limits = read(at, tenant);
      known.set(tenant, { until: now() + KEPT_MS, limits });
      // A failed read is not cached.
      limits.catch(() => known.delete(tenant));
      return limits;
    },
    async setTenant(tenant, limits) {
      const body = toBody(tenantLimitsSchema.parse(limits), `The limits of tenant ${tenant}`);
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(tenant),
          UpdateExpression: 'SET body = :body',
          ExpressionAttributeValues: { ':body': body },
        }),
      );
      known.delete(tenant);
    },
  };
}

async function read(at: Table, tenant: string): Promise<TenantLimits> {
  const item = await readItem(at, keyOf(tenant));
  return item === null ? {} : parseBody(tenantLimitsSchema, item);
}

function keyOf(tenant: string): Item {
  const { pk, sk } = limitsKey(tenant);
  return { pk: { S: pk }, sk: { S: sk } };
}

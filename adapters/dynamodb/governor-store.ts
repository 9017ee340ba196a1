import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { paceSchema } from '#core/governor/pace.ts';
import type { GovernorStore } from '#core/ports/governor-store.ts';
import { dynamodb } from './client.ts';
import { readItem, writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { governorKey } from './state-table.ts';

export interface DynamodbGovernorStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Stores the pace of each model in the state table. */
export function dynamodbGovernorStore({ table, client = dynamodb() }: DynamodbGovernorStoreOptions): GovernorStore {
  const at: Table = { client, table };
  return {
    async read(model) {
      const item = await readItem(at, keyOf(model));
      return item && parseBody(paceSchema, item);
    },
    async replace(next) {
      const item: Item = {
        ...keyOf(next.model),
        version: { N: String(next.version) },
        body: toBody(next, `The pace of ${next.model}`),
      };
      const outcome = await writeVersion(at, item, next.version);
      return outcome === 'written' ? 'replaced' : 'conflict';
    },
  };
}

function keyOf(model: string): Item {
  const { pk, sk } = governorKey(model);
  return { pk: { S: pk }, sk: { S: sk } };
}

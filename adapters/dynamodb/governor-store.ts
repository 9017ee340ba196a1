import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { paceSchema } from '#core/governor/pace.ts';
import type { GovernorStore } from '#core/ports/governor-store.ts';
import { dynamodb } from './client.ts';
import { ABSENT, atVersion, conditionalPut, readItem, type Item, type Table } from './conditional-put.ts';
import { fromBody, toBody } from './item-body.ts';
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
      return item && paceSchema.parse(fromBody(item['body']));
    },
    async replace(next) {
      const item: Item = {
        ...keyOf(next.model),
        version: { N: String(next.version) },
        body: toBody(next, `The pace of ${next.model}`),
      };
      const outcome = await conditionalPut(at, item, next.version === 1 ? ABSENT : atVersion(next.version - 1));
      return outcome === 'written' ? 'replaced' : 'conflict';
    },
  };
}

function keyOf(model: string): Item {
  const { pk, sk } = governorKey(model);
  return { pk: { S: pk }, sk: { S: sk } };
}

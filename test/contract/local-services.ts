import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { STATE_TABLE } from '#adapters/dynamodb/state-table.ts';
import { createDynamoDb } from '@agent-fleet/local-cloud/testing/services';
import { judge } from '@agent-fleet/local-cloud/testing/judge';
import { serve } from '@agent-fleet/local-cloud/testing/serve';

const location = { account: '000000000000', region: 'us-east-1' };

export interface StateTable {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** A state table in the local DynamoDB for the tests of this block. Use it only inside tests. */
export function stateTable(): () => StateTable {
  let opened: StateTable | undefined;
  let close = async (): Promise<void> => undefined;
  beforeAll(async () => {
    const other = await judge({});
    const served = other ? { ...other, close: async () => undefined } : await serve(() => createDynamoDb(location));
    const client = new DynamoDBClient(served.client);
    opened = { client, table: 'state' };
    close = async () => {
      client.destroy();
      await served.close();
    };
    await client.send(createStateTable(opened.table));
  });
  afterAll(() => close());
  return () => {
    if (!opened) throw new Error('The state table is there once the tests run.');
    return opened;
  };
}

/** Creates the table from the same definition as the constructs. */
export function createStateTable(table: string): CreateTableCommand {
  const { partitionKey, sortKey, indexes } = STATE_TABLE;
  const definitions = [STATE_TABLE, ...Object.values(indexes)].flatMap((keys) => [keys.partitionKey, keys.sortKey]);
  const schema = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  return new CreateTableCommand({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: definitions.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: schema(partitionKey.name, sortKey.name),
    GlobalSecondaryIndexes: Object.entries(indexes).map(([name, index]) => ({
      IndexName: name,
      KeySchema: schema(index.partitionKey.name, index.sortKey.name),
      Projection: {
        ProjectionType: index.projection.type,
        ...('nonKeyAttributes' in index.projection ? { NonKeyAttributes: [...index.projection.nonKeyAttributes] } : {}),
      },
    })),
  });
}

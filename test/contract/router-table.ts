import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll } from 'vitest';
import { OUTBOX_INDEX } from '#adapters/dynamodb/subject-store.ts';
import { stateTable, type StateTable } from './local-services.ts';

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
const keys = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

/** A table of a stream's router in the local DynamoDB, for the tests of this block. Use it only inside tests. */
export function routerTable(): () => StateTable {
  const at = stateTable();
  const table = 'router';
  beforeAll(async () => {
    await at().client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          ...['pk', 'sk', 'outboxShard'].map(text),
          { AttributeName: 'outboxAt', AttributeType: 'N' },
        ],
        KeySchema: keys('pk', 'sk'),
        GlobalSecondaryIndexes: [
          {
            IndexName: OUTBOX_INDEX,
            KeySchema: keys('outboxShard', 'outboxAt'),
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    );
  });
  return () => ({ ...at(), table });
}

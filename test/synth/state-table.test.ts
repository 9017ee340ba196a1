import { expect, test } from 'vitest';
import { STATE_TABLE } from '#adapters/dynamodb/state-table.ts';
import { synthesizePlatform } from './synthesize.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';
const dev = synthesizePlatform('dev').resource(TABLE);
const prod = synthesizePlatform('prod').resource(TABLE);

type Key = { readonly name: string; readonly type: string };

const keySchema = (partitionKey: Key, sortKey: Key) => [
  { AttributeName: partitionKey.name, KeyType: 'HASH' },
  { AttributeName: sortKey.name, KeyType: 'RANGE' },
];

test('the table has the keys, indexes and TTL attribute that the code uses', () => {
  const { partitionKey, sortKey, timeToLiveAttribute, indexes } = STATE_TABLE;
  const keys = [
    partitionKey,
    sortKey,
    ...Object.values(indexes).flatMap((index) => [index.partitionKey, index.sortKey]),
  ];
  expect(prod.Properties['KeySchema']).toEqual(keySchema(partitionKey, sortKey));
  expect(prod.Properties['AttributeDefinitions']).toEqual(
    keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
  );
  expect(prod.Properties['TimeToLiveSpecification']).toEqual({ AttributeName: timeToLiveAttribute, Enabled: true });
  expect(prod.Properties['GlobalSecondaryIndexes']).toEqual(
    Object.entries(indexes).map(([IndexName, index]) => ({
      IndexName,
      KeySchema: keySchema(index.partitionKey, index.sortKey),
      Projection: {
        ProjectionType: index.projection.type,
        ...('nonKeyAttributes' in index.projection && { NonKeyAttributes: index.projection.nonKeyAttributes }),
      },
    })),
  );
});

test('the table is billed per request and can be restored to any second of the last 35 days', () => {
  for (const { Properties } of [dev, prod]) {
    expect(Properties['BillingMode']).toBe('PAY_PER_REQUEST');
    const recovery = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
    expect(Properties['Replicas']).toMatchObject([recovery]);
  }
});

test('outside dev the table has deletion protection and is retained when the stack is deleted', () => {
  expect(dev.Properties['Replicas']).toMatchObject([{ DeletionProtectionEnabled: false }]);
  expect(dev.DeletionPolicy).toBe('Delete');
  expect(prod.Properties['Replicas']).toMatchObject([{ DeletionProtectionEnabled: true }]);
  expect(prod.DeletionPolicy).toBe('RetainExceptOnCreate');
});

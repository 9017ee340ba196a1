import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CREDENTIALS, type Fixture } from '../../testing/cloud.ts';
import type { TestRegions } from '../../testing/regions.ts';

export const US = 'us-east-1';
export const EU = 'eu-west-1';
export const TABLE = 'fleet-state';

/** A global table in both regions, as `TableV2` with one replica makes it. */
export const globalTable: Fixture['resources'] = {
  State: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'index'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byIndex',
          KeySchema: [{ AttributeName: 'index', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Replicas: [{ Region: { Ref: 'AWS::Region' } }, { Region: EU }],
    },
  },
};

/** An empty stack. */
export const nothing: Fixture = { resources: {} };

/** A client of a region's cloud, which calls services in `of`. */
export function dynamoDb(regions: TestRegions, at: string, of = at): DynamoDBClient {
  const endpoint = regions.endpoints.get(at) ?? '';
  return new DynamoDBClient({ region: of, endpoint, credentials: CREDENTIALS, maxAttempts: 1 });
}

export async function put(client: DynamoDBClient, sk: string, value: string, more: object = {}): Promise<void> {
  const Item = { pk: { S: 'p' }, sk: { S: sk }, value: { S: value }, index: { S: value } };
  await client.send(new PutItemCommand({ TableName: TABLE, Item, ...more }));
}

export async function read(client: DynamoDBClient, sk: string): Promise<string | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key: { pk: { S: 'p' }, sk: { S: sk } } }));
  return Item?.['value']?.S;
}

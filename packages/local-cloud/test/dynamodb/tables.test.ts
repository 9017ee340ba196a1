import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGateway } from '../../src/gateway/gateway.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { Principals } from '../../src/gateway/principals.ts';
import { createDynamoDb } from '../../src/services/dynamodb/service.ts';
import { ROOT } from '../../src/services/service.ts';
import type { Service } from '../../src/services/service.ts';
import { CREDENTIALS } from '../../testing/cloud.ts';

const location = { account: '000000000000', region: 'us-east-1' };
const TABLE = {
  TableName: 'tasks',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'state', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-state',
      KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

let service: Service;
let gateway: Gateway;
let client: DynamoDBClient;
beforeAll(async () => {
  service = createDynamoDb(location);
  gateway = await openGateway(0, new Map([[service.name, service]]), new Principals(CREDENTIALS), () => {});
  client = new DynamoDBClient({ endpoint: gateway.endpoint, region: 'us-east-1', credentials: CREDENTIALS });
  await service.invoke('CreateTable', TABLE, ROOT);
});
afterAll(async () => {
  await gateway.close();
  await service.close();
});

const put = (pk: string, state: string, condition?: string) =>
  client.send(
    new PutItemCommand({
      TableName: 'tasks',
      Item: { pk: { S: pk }, state: { S: state } },
      ...(condition !== undefined && { ConditionExpression: condition }),
    }),
  );

test('a new table is active immediately and has the ARN of its account and region', async () => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'tasks' }));
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/tasks',
  });
});

test('exactly one of many concurrent conditional writes succeeds', async () => {
  const claims = Array.from({ length: 10 }, () => put('raced', 'queued', 'attribute_not_exists(pk)'));
  const outcomes = await Promise.allSettled(claims);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const lost = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
  expect(lost.every((reason) => reason instanceof ConditionalCheckFailedException)).toBe(true);
});

test('updates items and queries them by an index', async () => {
  await put('indexed', 'parked');
  await client.send(
    new UpdateItemCommand({
      TableName: 'tasks',
      Key: { pk: { S: 'indexed' } },
      UpdateExpression: 'SET #state = :to ADD epoch :one',
      ConditionExpression: '#state = :from',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':to': { S: 'running' }, ':from': { S: 'parked' }, ':one': { N: '1' } },
    }),
  );
  const { Items } = await client.send(
    new QueryCommand({
      TableName: 'tasks',
      IndexName: 'by-state',
      KeyConditionExpression: '#state = :running',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':running': { S: 'running' } },
    }),
  );
  expect(Items).toEqual([{ pk: { S: 'indexed' }, state: { S: 'running' }, epoch: { N: '1' } }]);
});

test('returns the item with which a condition failed, if it is asked to', async () => {
  const item = { pk: { S: 'there' }, body: { B: new Uint8Array([1, 2, 3]) }, version: { N: '7' } };
  await client.send(new PutItemCommand({ TableName: 'tasks', Item: item }));
  const put = { TableName: 'tasks', Item: { pk: { S: 'there' } }, ConditionExpression: 'attribute_not_exists(pk)' };
  const failed = async (asked: object) => {
    const error: unknown = await client
      .send(new PutItemCommand({ ...put, ...asked }))
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof ConditionalCheckFailedException)) throw new Error('The condition held.');
    return error.Item;
  };
  expect(await failed({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).toEqual(item);
  expect(await failed({ ReturnValuesOnConditionCheckFailure: 'NONE' })).toBeUndefined();
  expect(await failed({})).toBeUndefined();
  const update = new UpdateItemCommand({
    TableName: 'tasks',
    Key: { pk: { S: 'nowhere' } },
    UpdateExpression: 'SET a = :a',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':a': { N: '1' } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  await expect(client.send(update)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
  await expect(failed({ ReturnValuesOnConditionCheckFailure: 'SOME' })).rejects.toThrow('The condition held.');
});

test('rejects parameters and actions that dynalite does not support', async () => {
  const withClass = new CreateTableCommand({ ...TABLE, TableName: 'rare', TableClass: 'STANDARD' } as never);
  await expect(client.send(withClass)).rejects.toThrow('does not support TableClass of CreateTable');
  await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toThrow(
    'The local DynamoDB does not support the action TransactWriteItems',
  );
});

test('describes point-in-time recovery as it was set', async () => {
  const backups = async () => {
    const answer = await client.send(new DescribeContinuousBackupsCommand({ TableName: 'tasks' }));
    return answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  };
  expect(await backups()).toBe('DISABLED');
  const input = { TableName: 'tasks', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
  await service.invoke('UpdateContinuousBackups', input, ROOT);
  expect(await backups()).toBe('ENABLED');
});

test('with a folder, keeps items through a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'fleet-dynamodb-'));
  const first = createDynamoDb({ ...location, dataDir });
  await first.invoke('CreateTable', TABLE, ROOT);
  await first.invoke('PutItem', { TableName: 'tasks', Item: { pk: { S: 'kept' } } }, ROOT);
  await first.close();
  const second = createDynamoDb({ ...location, dataDir });
  const found = await second.invoke('GetItem', { TableName: 'tasks', Key: { pk: { S: 'kept' } } }, ROOT);
  expect(found).toEqual({ Item: { pk: { S: 'kept' } } });
  await second.close();
  rmSync(dataDir, { recursive: true });
});

test('a missing table is a ResourceNotFoundException', async () => {
  const get = new GetItemCommand({ TableName: 'nowhere', Key: { pk: { S: 'x' } } });
  await expect(client.send(get)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { chain } from './chain.ts';
import { CREDENTIALS, startFixture } from '../../testing/cloud.ts';

test('a message to a queue runs its function, which writes to its table', async () => {
  await using cloud = await startFixture(chain);
  const { endpoint, outputs } = cloud;
  const { Url: QueueUrl, TableName } = outputs['Fixture'] ?? {};
  const client = { endpoint, region: 'us-east-1', credentials: CREDENTIALS };
  await new SQSClient(client).send(new SendMessageCommand({ QueueUrl, MessageBody: 'first' }));
  const tables = new DynamoDBClient(client);
  const find = async () => (await tables.send(new GetItemCommand({ TableName, Key: { id: { S: 'first' } } }))).Item;
  await expect.poll(find).toEqual({ id: { S: 'first' } });
});

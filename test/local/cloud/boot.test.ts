import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { CREDENTIALS, functionResource, startFixture } from './fixture.ts';

const worker = `
import { request } from 'node:http';
const post = (target, body) => new Promise((resolve, reject) => {
  const req = request(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers: {
    'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0',
    authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261123/us-east-1/dynamodb/aws4_request',
  } }, (res) => { res.resume(); res.on('end', () => resolve(res.statusCode)); });
  req.on('error', reject);
  req.end(JSON.stringify(body));
});
export async function handler(event) {
  for (const { body } of event.Records) {
    await post('DynamoDB_20120810.PutItem', { TableName: process.env.TABLE, Item: { id: { S: body } } });
    console.log('stored ' + body);
  }
}`;

const fixture = {
  code: { worker },
  resources: {
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Worker' } },
    },
    Worker: functionResource('worker', { Environment: { Variables: { TABLE: { Ref: 'Table' } } } }),
    Queue: { Type: 'AWS::SQS::Queue' },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
  },
  outputs: { QueueUrl: { Value: { Ref: 'Queue' } }, TableName: { Value: { Ref: 'Table' } } },
};

test('a message to a queue runs its function, which writes to its table', async () => {
  await using cloud = await startFixture(fixture);
  const { endpoint, outputs } = cloud;
  const { QueueUrl, TableName } = outputs['Fixture'] ?? {};
  const client = { endpoint, region: 'us-east-1', credentials: CREDENTIALS };
  await new SQSClient(client).send(new SendMessageCommand({ QueueUrl, MessageBody: 'first' }));
  await cloud.event('lambda.log', ({ line }) => line.endsWith('stored first'));
  const found = await new DynamoDBClient(client).send(new GetItemCommand({ TableName, Key: { id: { S: 'first' } } }));
  expect(found.Item).toEqual({ id: { S: 'first' } });
});

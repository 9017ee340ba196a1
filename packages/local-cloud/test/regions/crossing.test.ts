import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CREDENTIALS, functionResource, type Fixture } from '../../testing/cloud.ts';
import { TestRegions } from '../../testing/regions.ts';
import { ROOT } from '../../src/services/service.ts';
import { EU, US, put } from './support.ts';

const plainTable: Fixture['resources'] = {
  Homes: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'homes',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
  },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'tasks' } },
};

/**
 * Writes to the table of the region that its event names, or sends to the queue there. It signs as the SDK does, which a
 * function of a fixture does not have.
 */
const caller = `
  import { createHash, createHmac } from 'node:crypto';
  import http, { request as overSocket } from 'node:http';
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
  function signed({ host, region, service, target, body }) {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env;
    const time = new Date().toISOString().replace(/[-:]|\\.\\d+/g, '');
    const headers = { host, 'x-amz-date': time, 'x-amz-security-token': token, 'x-amz-target': target };
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers).map(([name, value]) => name + ':' + value + '\\n').join('');
    const scope = [time.slice(0, 8), region, service, 'aws4_request'];
    const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(['POST', '/', '', lines, names, sha256(body)].join('\\n'))];
    const signature = hmac(scope.reduce(hmac, 'AWS4' + secret), text.join('\\n')).toString('hex');
    const authorization = 'AWS4-HMAC-SHA256 Credential=' + id + '/' + scope.join('/') + ', SignedHeaders=' + names + ', Signature=' + signature;
    return { ...headers, authorization, 'content-type': 'application/x-amz-json-1.0' };
  }
  export const handler = ({ region, socket, item, message }) => new Promise((resolve, reject) => {
    const { host, hostname, port, origin } = new URL(process.env.AWS_ENDPOINT_URL);
    const [service, target, input] = message === undefined
      ? ['dynamodb', 'DynamoDB_20120810.PutItem', { TableName: 'homes', Item: { pk: { S: item } } }]
      : ['sqs', 'AmazonSQS.SendMessage', { QueueUrl: origin + '/000000000000/tasks', MessageBody: message }];
    const body = JSON.stringify(input);
    const headers = signed({ host, region, service, target, body });
    // The default export is what the SDK uses: it sends over the channel.
    const send = socket ? overSocket : http.request;
    const sent = send({ host: hostname, port, path: '/', method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (data) => (text += data));
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });`;

const grant = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
const usFixture: Fixture = {
  code: { caller },
  resources: { ...plainTable, Caller: functionResource('caller', { Timeout: 30 }) },
  grants: [
    grant('dynamodb:PutItem', `arn:aws:dynamodb:${EU}:000000000000:table/homes`),
    grant('sqs:SendMessage', `arn:aws:sqs:${EU}:000000000000:tasks`),
  ],
};
const echo = `export const handler = async (event) => ({ region: process.env.AWS_REGION, event });`;
const euFixture: Fixture = { code: { echo }, resources: { ...plainTable, Echo: functionResource('echo') } };

const regions = new TestRegions({ [US]: usFixture, [EU]: euFixture });
beforeAll(() => regions.startAll());
beforeEach(() => regions.withoutDelay());
afterAll(async () => {
  await regions[Symbol.asyncDispose]();
});

const requestHandler = new NodeHttpHandler({ requestTimeout: 300, throwOnRequestTimeout: true });
const options = (region: string) => ({
  region,
  endpoint: regions.endpoints.get(US) ?? '',
  credentials: CREDENTIALS,
  maxAttempts: 1,
  requestHandler,
});
const inEu = async (action: string, input: object): Promise<Record<string, unknown>> => {
  const [service = '', name = ''] = action.split(' ');
  const cloud = regions.clouds.get(EU);
  if (cloud === undefined) throw new Error('The cloud is not there.');
  return cloud.call(service, name, input as Readonly<Record<string, unknown>>, ROOT);
};

test('a client with the region of another cloud calls DynamoDB, SQS and Lambda there', async () => {
  const dynamo = new DynamoDBClient(options(EU));
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: 'homes' }));
  expect(Table?.TableArn).toBe(`arn:aws:dynamodb:${EU}:000000000000:table/homes`);

  const sqs = new SQSClient(options(EU));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'tasks' }));
  expect(QueueUrl).toBe(`${regions.endpoints.get(US)}/000000000000/tasks`);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(['hello']);
  const sqsHere = new SQSClient(options(US));
  expect((await sqsHere.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();

  const lambda = new LambdaClient({ ...options(EU), requestHandler: new NodeHttpHandler() });
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'echo', Payload: '{"a":"ü"}' }));
  expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({ region: EU, event: { a: 'ü' } });
});

test('an error of the other region arrives as it is', async () => {
  const dynamo = new DynamoDBClient(options(EU));
  const call = dynamo.send(new GetItemCommand({ TableName: 'missing', Key: { pk: { S: 'p' } } }));
  await expect(call).rejects.toThrow('Requested resource not found');
});

test('the call of a function is allowed by its role here, for the resources of the other region', async () => {
  const lambda = new LambdaClient({ ...options(US), requestHandler: new NodeHttpHandler() });
  const invoke = async (event: object) => {
    const Payload = JSON.stringify(event);
    const output = await lambda.send(new InvokeCommand({ FunctionName: 'caller', Payload }));
    return JSON.parse(output.Payload?.transformToString() ?? '') as unknown;
  };
  for (const socket of [false, true]) {
    const item = socket ? 'over a socket' : 'over the channel';
    expect(await invoke({ region: EU, socket, item })).toMatchObject({ status: 200 });
    expect((await inEu('dynamodb GetItem', { TableName: 'homes', Key: { pk: { S: item } } }))['Item']).toBeDefined();
    // Its role says nothing about the table of its own region.
    const denied = await invoke({ region: US, socket, item });
    expect(denied).toMatchObject({ status: 400, text: expect.stringContaining('AccessDenied') as string });
  }
  expect(await invoke({ region: EU, message: 'from a function' })).toMatchObject({ status: 200 });
  const { Messages } = await inEu('sqs ReceiveMessage', { QueueUrl: 'http://127.0.0.1/000000000000/tasks' });
  expect((Messages as { Body: string }[]).map(({ Body }) => Body)).toEqual(['from a function']);
});

test('a wrong signature is rejected before the request leaves', async () => {
  const credentials = { ...CREDENTIALS, secretAccessKey: 'wrong' };
  await regions.network(US, { to: EU, cut: true });
  const dynamo = new DynamoDBClient({ ...options(EU), credentials });
  await expect(dynamo.send(new DescribeTableCommand({ TableName: 'homes' }))).rejects.toThrow('signature');
  await regions.network(US, { to: EU, cut: false });
});

test('a request takes a round trip', async () => {
  const dynamo = new DynamoDBClient({ ...options(EU), requestHandler: new NodeHttpHandler() });
  await regions.network(US, { to: EU, roundTripMs: 200 });
  await regions.network(EU, { to: US, roundTripMs: 400 });
  const start = performance.now();
  await dynamo.send(new DescribeTableCommand({ TableName: 'homes' }));
  expect(performance.now() - start).toBeGreaterThan(295);
});

test('where the line is cut, a caller gets no answer until its own timeout', async () => {
  const dynamo = new DynamoDBClient(options(EU));
  const call = () => dynamo.send(new DescribeTableCommand({ TableName: 'homes' }));
  await regions.network(US, { to: EU, cut: true });
  await expect(call()).rejects.toThrow('requestTimeout');
  await regions.network(US, { to: EU, cut: false });
  await call();
});

test('where the line back is cut, the other region has acted without an answer', async () => {
  await regions.network(EU, { to: US, cut: true });
  const client = new SQSClient(options(EU));
  const QueueUrl = `${regions.endpoints.get(US)}/000000000000/tasks`;
  await expect(client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'lost' }))).rejects.toThrow(
    'requestTimeout',
  );
  await regions.network(EU, { to: US, cut: false });
  const { Messages } = await inEu('sqs ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  expect((Messages as { Body: string }[]).map(({ Body }) => Body)).toContain('lost');
});

test('a region that is not there gives no answer', async () => {
  const endpoint = regions.endpoints.get(EU) ?? '';
  regions.endpoints.delete(EU);
  const call = new DynamoDBClient(options(EU)).send(new DescribeTableCommand({ TableName: 'homes' }));
  await expect(call).rejects.toThrow('requestTimeout');
  regions.endpoints.set(EU, endpoint);
});

test('a region that nobody runs, and S3 across regions, are rejected', async () => {
  const other = new DynamoDBClient(options('sa-east-1'));
  await expect(put(other, 'a', 'b')).rejects.toThrow('There is no region sa-east-1 here');
  const s3 = new S3Client({ ...options(EU), forcePathStyle: true });
  await expect(s3.send(new ListBucketsCommand({}))).rejects.toThrow('does not serve s3 across regions');
});

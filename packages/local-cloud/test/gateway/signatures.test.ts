import { hash } from 'node:crypto';
import { request } from 'node:http';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CREDENTIALS, startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';

let cloud: FixtureCloud;
beforeAll(async () => {
  cloud = await startFixture({
    resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } } },
  });
});
afterAll(() => cloud[Symbol.asyncDispose]());

type Key = Readonly<Partial<typeof CREDENTIALS>> & { readonly sessionToken?: string };
const options = (key: Key = {}) => ({
  endpoint: cloud.endpoint,
  region: 'us-east-1',
  credentials: { ...CREDENTIALS, ...key },
  maxAttempts: 1,
  forcePathStyle: true,
});

interface Case {
  readonly service: string;
  readonly call: (key?: Key) => Promise<unknown>;
  readonly unknown: string;
  readonly mismatch: string;
  readonly token: string;
}
const json = {
  unknown: 'UnrecognizedClientException',
  token: 'UnrecognizedClientException',
  mismatch: 'InvalidSignatureException',
};
const query = { unknown: 'InvalidClientTokenId', token: 'InvalidClientTokenId', mismatch: 'SignatureDoesNotMatch' };
const CASES: readonly Case[] = [
  { service: 'dynamodb', call: (key) => new DynamoDBClient(options(key)).send(new ListTablesCommand()), ...json },
  { service: 'states', call: (key) => new SFNClient(options(key)).send(new ListStateMachinesCommand()), ...json },
  {
    service: 'secretsmanager',
    call: (key) => new SecretsManagerClient(options(key)).send(new ListSecretsCommand()),
    ...json,
  },
  {
    service: 'lambda',
    call: (key) => new LambdaClient(options(key)).send(new ListEventSourceMappingsCommand()),
    ...json,
  },
  { service: 'apigateway', call: (key) => new APIGatewayClient(options(key)).send(new GetRestApisCommand()), ...json },
  { service: 'sqs', call: (key) => new SQSClient(options(key)).send(new ListQueuesCommand()), ...query },
  { service: 'sns', call: (key) => new SNSClient(options(key)).send(new ListTopicsCommand()), ...query },
  {
    service: 's3',
    call: (key) => new S3Client(options(key)).send(new ListBucketsCommand()),
    unknown: 'InvalidAccessKeyId',
    mismatch: 'SignatureDoesNotMatch',
    token: 'InvalidToken',
  },
];

describe.each(CASES)('$service', ({ call, unknown, mismatch, token }) => {
  test('serves the machine’s own user', async () => {
    expect(await call()).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });

  test('rejects another key, a wrong secret and a token that the key does not have', async () => {
    await expect(call({ accessKeyId: 'AKIAOTHER' })).rejects.toMatchObject({ name: unknown });
    await expect(call({ secretAccessKey: 'wrong' })).rejects.toMatchObject({ name: mismatch });
    await expect(call({ sessionToken: 'made up' })).rejects.toMatchObject({ name: token });
  });
});

test.each([
  ['dynamodb', { 'x-amz-target': 'DynamoDB_20120810.ListTables' }, 'MissingAuthenticationTokenException'],
  ['secretsmanager', { 'x-amz-target': 'secretsmanager.ListSecrets' }, 'MissingAuthenticationTokenException'],
  ['states', { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' }, 'MissingAuthenticationTokenException'],
  ['sqs', { 'x-amz-target': 'AmazonSQS.ListQueues' }, 'MissingAuthenticationToken'],
])('an unsigned call of %s is rejected', async (_service, headers, name) => {
  const answer = await fetch(cloud.endpoint, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(await answer.text()).toContain(name);
});

test('an unsigned call of S3 is rejected, and so is the made-up signature of a page', async () => {
  for (const path of ['/', '/files', '/files/key']) {
    const answer = await fetch(cloud.endpoint + path);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  }
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20261128/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const headers = { authorization, 'x-amz-target': 'secretsmanager.ListSecrets', 'x-amz-date': '20261128T000000Z' };
  const answer = await fetch(cloud.endpoint, { method: 'POST', headers, body: '{}' });
  expect(await answer.text()).toContain('InvalidSignatureException');
});

test.each([
  'AWS4-ECDSA-P256-SHA256 Credential=test/20261128/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00',
  'AWS4-HMAC-SHA256 Credential=test/s3, SignedHeaders=host, Signature=00',
  'AWS4-HMAC-SHA256',
  'Bearer token',
  'AWS test:signature',
])('an authorization that is not one of version 4 is malformed: %s', async (authorization) => {
  const answer = await fetch(`${cloud.endpoint}/files`, { headers: { authorization } });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('AuthorizationHeaderMalformed')]);
});

/** Sends what a client signed, after a change on its way. */
async function tampered(
  client: S3Client,
  command: PutObjectCommand | DeleteObjectsCommand,
  change: (body: string) => string,
) {
  const sent: { method: string; path: string; headers: Record<string, string>; body: string }[] = [];
  client.middlewareStack.add(
    () => async (args) => {
      const { method, path, query, headers, body } = args.request as never as {
        method: string;
        path: string;
        query: Record<string, string>;
        headers: Record<string, string>;
        body: unknown;
      };
      const chunks: Buffer[] = [];
      if (typeof body === 'string' || body instanceof Uint8Array) chunks.push(Buffer.from(body));
      else for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(Buffer.from(chunk));
      const text = new URLSearchParams(query).toString();
      sent.push({
        method,
        path: text === '' ? path : `${path}?${text}`,
        headers,
        body: Buffer.concat(chunks).toString(),
      });
      throw new Error('kept');
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await expect(client.send(command as PutObjectCommand)).rejects.toThrow('kept');
  const [kept] = sent;
  if (kept === undefined) throw new Error('nothing was sent');
  const { hostname, port } = new URL(cloud.endpoint);
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method: kept.method, path: kept.path, headers: kept.headers },
      (answer) => {
        let text = '';
        answer.on('data', (data: Buffer) => (text += data.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(change(kept.body));
  });
}

describe('the body of an S3 request', () => {
  const put = { Bucket: 'files', Key: 'signed', Body: 'original' };

  test('arrives as it was signed', async () => {
    const s3 = new S3Client({ ...options(), requestChecksumCalculation: 'WHEN_REQUIRED' });
    const { status } = await tampered(s3, new PutObjectCommand(put), (body) => body);
    expect(status).toBe(200);
  });

  test('cannot be changed, and nothing is stored', async () => {
    const s3 = new S3Client({ ...options(), requestChecksumCalculation: 'WHEN_REQUIRED' });
    const command = new PutObjectCommand({ ...put, Key: 'changed' });
    const { text } = await tampered(s3, command, (body) => body.replace('original', 'replaced'));
    expect(text).toContain('XAmzContentSHA256Mismatch');
    const get = new S3Client(options()).send(new GetObjectCommand({ Bucket: 'files', Key: 'changed' }));
    await expect(get).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('cannot be changed in a document', async () => {
    const command = new DeleteObjectsCommand({ Bucket: 'files', Delete: { Objects: [{ Key: 'signxd' }] } });
    const { text } = await tampered(new S3Client(options()), command, (body) => body.replace('signxd', 'signed'));
    expect(text).toContain('XAmzContentSHA256Mismatch');
    await new S3Client(options()).send(new GetObjectCommand({ Bucket: 'files', Key: 'signed' }));
  });

  test('needs a hash', async () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=test/${day()}/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=${hash('sha256', '')}`;
    const headers = { authorization, 'x-amz-date': `${day()}T${time()}Z` };
    expect(await (await fetch(`${cloud.endpoint}/files`, { headers })).text()).toContain(
      'x-amz-content-sha256 is missing',
    );
  });
});

const stamp = () => new Date().toISOString().replaceAll(/[-:]/g, '');
const day = () => stamp().slice(0, 8);
const time = () => stamp().slice(9, 15);

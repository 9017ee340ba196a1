import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { direct } from '#adapters/aws/direct.ts';
import { Signer } from '#adapters/aws/signature.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

const answer =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'x-amzn-requestid': 'r', ...headers }).end(JSON.stringify(body));

const fails = (name: string, status = 400): Answer =>
  answer(status, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name });

/** A service that answers the first request by the first of `answers`, and so on, and repeats the last. */
async function service(...answers: readonly Answer[]) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume().once('end', () => answers[Math.min(requests.length, answers.length) - 1]?.(request, response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { endpoint, region: 'us-east-1', credentials };
  return { requests, settings, dynamodb: (more = {}) => direct(new DynamoDBClient({ ...settings, ...more })) };
}

const read = () => new GetItemCommand({ TableName: 'state', Key: { pk: { S: 'a' } } });
const ok = answer(200, { Item: { pk: { S: 'a' }, bytes: { B: 'AQID' } } });

// From AWS's test suite of signature version 4.
test('signs as AWS does', () => {
  const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
  const headers = { host: 'example.amazonaws.com' };
  const at = Date.UTC(2015, 7, 30, 12, 36);
  const signed = new Signer('us-east-1', 'service').sign(
    { headers, body: '' },
    { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
    at,
  );
  expect(signed['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  );
});

test('sends what the SDK sends, but for what only the SDK itself reads', async () => {
  const { requests, settings, dynamodb } = await service(ok);
  const output = await dynamodb().send(read());
  expect(output.Item).toEqual((await new DynamoDBClient(settings).send(read())).Item);
  expect(output.$metadata).toMatchObject({ attempts: 1, httpStatusCode: 200, requestId: 'r' });
  expect(output.Item?.['bytes']?.B).toEqual(Uint8Array.of(1, 2, 3));
  const [ours = {}, theirs = {}] = requests.map(({ headers }) => headers);
  for (const name of ['host', 'content-type', 'content-length', 'x-amz-target', 'x-amz-security-token'])
    expect(ours[name]).toBe(theirs[name]);
  expect(ours['user-agent']).toMatch(/^aws-sdk-js\/\S+ .*api\/DynamoDB#/);
});

test('an error of the service is the error of the SDK', async () => {
  const { dynamodb } = await service(fails('ConditionalCheckFailedException'));
  const error: unknown = await dynamodb()
    .send(read())
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect(error).toMatchObject({ $metadata: { attempts: 1, httpStatusCode: 400, requestId: 'r' } });
});

const hangUp: Answer = (_, response) => void response.destroy();

test.each<[string, Answer]>([
  ['that broke off', hangUp],
  ['of a service that failed', fails('InternalServerError', 500)],
  ['that a load balancer answers', (_, response) => void response.writeHead(503).end('<html>')],
  ['of a service that is asked too often', fails('ThrottlingException')],
])('a call %s is repeated, and its result says so', async (_, first) => {
  const { dynamodb } = await service(first, ok, first, fails('ConditionalCheckFailedException'));
  const client = dynamodb();
  expect((await client.send(read())).$metadata.attempts).toBe(2);
  // The first attempt may have written.
  await expect(client.send(read())).rejects.toMatchObject({ $metadata: { attempts: 2 } });
});

test('a call is repeated as often as the client says', async () => {
  const { requests, dynamodb } = await service(fails('InternalServerError', 500));
  await expect(dynamodb({ maxAttempts: 1 }).send(read())).rejects.toThrow('InternalServerError');
  expect(requests).toHaveLength(1);
  await expect(dynamodb({ maxAttempts: 3 }).send(read())).rejects.toMatchObject({ $metadata: { attempts: 3 } });
  expect(requests).toHaveLength(4);
});

test('a call ends after its timeout, and when it is aborted', async () => {
  const { requests, dynamodb } = await service(() => undefined);
  const requestHandler = { requestTimeout: 50, throwOnRequestTimeout: true };
  await expect(dynamodb({ maxAttempts: 2, requestHandler }).send(read())).rejects.toMatchObject({
    name: 'TimeoutError',
    $metadata: { attempts: 2 },
  });
  const aborts = new AbortController();
  const aborted = dynamodb().send(read(), { abortSignal: aborts.signal });
  setTimeout(() => aborts.abort(), 50);
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  expect(requests).toHaveLength(3);
});

test('a wrong clock is corrected', async () => {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  const skewed = answer(
    400,
    { __type: 'com.amazon.coral.service#InvalidSignatureException', message: 'Skewed.' },
    { date },
  );
  const { requests, dynamodb } = await service(skewed, skewed, answer(200, {}, { date }));
  const client = dynamodb();
  await client.send(read());
  await client.send(read());
  const last = String(requests.at(-1)?.headers['x-amz-date']);
  expect(last.slice(0, 11)).toBe(new Date(date).toISOString().replaceAll(/[-:]/g, '').slice(0, 11));
  expect(requests).toHaveLength(4);
});

test('middleware that is added later sees the calls', async () => {
  const { dynamodb } = await service(ok);
  const client = dynamodb();
  await client.send(read());
  const seen: unknown[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => (seen.push(commandName), next(args)),
    {
      step: 'initialize',
    },
  );
  await client.send(read());
  expect(seen).toEqual(['GetItemCommand']);
});

test('a message goes to the endpoint of its queue', async () => {
  const [here, there] = [await service(), await service(answer(200, { MessageId: 'm' }))];
  vi.stubEnv('AWS_ENDPOINT_URL', here.settings.endpoint);
  onTestFinished(() => void vi.unstubAllEnvs());
  const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const client = direct(new SQSClient({ region: 'us-east-1', credentials, md5: false, logger }));
  const QueueUrl = `${there.settings.endpoint}/000000000000/queue`;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  expect([here.requests.length, there.requests.length]).toEqual([0, 1]);
});

function ignore(): void {}

import { createServer } from 'node:http';
import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { SFNClient, ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { openGateway } from '../../src/gateway/gateway.ts';
import { Principals } from '../../src/gateway/principals.ts';
import { route } from '../../src/gateway/route.ts';
import { readSignature } from '../../src/gateway/sigv4/signature.ts';
import { send } from '../../src/services/http.ts';
import type { Caller, Service } from '../../src/services/service.ts';
import { CREDENTIALS } from '../../testing/cloud.ts';

const DATE = '20261123T101112Z';
const SIGNATURE = '0'.repeat(64);
const signed = (scope: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKID/20261123/us-east-1/${scope}/aws4_request, SignedHeaders=host, Signature=${SIGNATURE}`,
  'x-amz-date': DATE,
});
const PRESIGNED = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20261123%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${DATE}&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=${SIGNATURE}`;

test.each([
  ['/', signed('sqs'), { service: 'sqs', accessKeyId: 'AKID' }],
  [
    '/',
    { ...signed('states'), 'x-amz-target': 'AWSStepFunctions.StartExecution' },
    { service: 'states', accessKeyId: 'AKID' },
  ],
  [`/bucket/key?${PRESIGNED}`, {}, { service: 's3', accessKeyId: 'AKID' }],
  ['/', { 'x-amz-target': 'DynamoDB_20120810.GetItem' }, { service: 'dynamodb' }],
  ['/', { 'x-amz-target': 'Unheard_1.Get' }, { service: undefined }],
  ['/2015-03-31/functions/x/invocations', {}, { service: 'lambda' }],
  ['/bucket/key', {}, { service: 's3' }],
])('%s %j goes to %j', (url, headers, expected) => {
  expect(route(url, headers, readSignature({ url, headers }))).toEqual(expected);
});

function spy(name: string): Service & { readonly callers: Caller[] } {
  const callers: Caller[] = [];
  return {
    name,
    callers,
    invoke: async () => ({}),
    handle: async (request, response, caller) => {
      request.resume();
      callers.push(caller);
      send(response, 200, '{}', { 'content-type': 'application/x-amz-json-1.0' });
    },
    close: async () => {},
  };
}

test('an issued key identifies its role, and the given key the machine’s own user', async () => {
  const sqs = spy('sqs');
  const principals = new Principals(CREDENTIALS);
  const issued = principals.issue(
    'arn:aws:lambda:us-east-1:000000000000:function:worker',
    'arn:aws:iam::000000000000:role/worker',
  );
  const gateway = await openGateway(0, new Map([['sqs', sqs]]), principals, () => {});
  for (const credentials of [principals.credentialsOf(issued.accessKeyId), CREDENTIALS]) {
    await new SQSClient({ endpoint: gateway.endpoint, region: 'us-east-1', credentials }).send(
      new ListQueuesCommand({}),
    );
  }
  await gateway.close();
  expect(sqs.callers).toEqual([
    { accessKeyId: issued.accessKeyId, principal: 'arn:aws:iam::000000000000:role/worker' },
    { accessKeyId: 'test', principal: 'root' },
  ]);
});

test('the error for an unknown service lists the available services', async () => {
  const gateway = await openGateway(0, new Map([['sqs', spy('sqs')]]), new Principals(CREDENTIALS), () => {});
  const client = new SFNClient({
    endpoint: gateway.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  await expect(client.send(new ListStateMachinesCommand({}))).rejects.toThrow(
    'The local cloud does not have the service states. Available services: sqs.',
  );
  await gateway.close();
});

test('the error for a port in use says what to do', async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => void squatter.listen(0, '127.0.0.1', resolve));
  const address = squatter.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(openGateway(port, new Map(), new Principals(CREDENTIALS), () => {})).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use. Stop the program that uses it or choose another port.`,
  );
  squatter.close();
});

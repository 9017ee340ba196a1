import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREDENTIALS, functionResource, startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';

const code = {
  echo: `export const handler = async (event, context) => ({
    event,
    requestId: context.awsRequestId,
    arn: context.invokedFunctionArn,
    remaining: context.getRemainingTimeInMillis(),
    trace: process.env._X_AMZN_TRACE_ID,
    variables: Object.fromEntries(['AWS_LAMBDA_FUNCTION_NAME', 'AWS_REGION', 'AWS_EXECUTION_ENV', '_HANDLER', 'OWN', 'ADDED'].map((name) => [name, process.env[name]])),
  });`,
  fails: `export const handler = async () => { throw new TypeError('no such order'); };`,
  long: `export const handler = async () => 'x'.repeat(7 * 2 ** 20);`,
  missing: `export const other = 1;`,
  callback: `export const handler = (event, context, callback) => callback(null, 1);`,
  broken: `throw new Error('cannot start');`,
};

const resources = {
  Echo: functionResource('echo', { Environment: { Variables: { OWN: 'yes' } }, Timeout: 7 }),
  Alias: {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: { Ref: 'Echo' }, FunctionVersion: '1', Name: 'live' },
  },
  Fails: functionResource('fails'),
  Long: functionResource('long'),
  Missing: functionResource('missing'),
  Callback: functionResource('callback'),
  Broken: functionResource('broken'),
  Inline: functionResource('inline', { Code: { ZipFile: 'exports.handler = async () => typeof require;' } }),
};

let cloud: FixtureCloud;
let client: LambdaClient;
beforeAll(async () => {
  cloud = await startFixture({ code, resources }, { environment: { ADDED: 'too' } });
  client = new LambdaClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
});
afterAll(() => cloud[Symbol.asyncDispose]());

async function invoke(FunctionName: string, event: unknown = {}) {
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  return { error: answer.FunctionError, payload: JSON.parse(answer.Payload?.transformToString() ?? 'null') as never };
}

test('a handler gets the event, the context and the environment variables of Lambda', async () => {
  const { payload, error } = await invoke('echo', { hello: ['world'] });
  expect(error).toBeUndefined();
  expect(payload).toEqual({
    event: { hello: ['world'] },
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
    remaining: expect.closeTo(7000, -3),
    trace: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
    variables: {
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      AWS_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      _HANDLER: 'index.handler',
      OWN: 'yes',
      ADDED: 'too',
    },
  });
});

test('an alias is another name for the function and part of the invoked ARN', async () => {
  const { payload } = await invoke('echo:live');
  expect(payload).toMatchObject({ arn: 'arn:aws:lambda:us-east-1:000000000000:function:echo:live' });
});

test('inline code is a CommonJS file, whatever project surrounds it', async () => {
  expect(await invoke('inline')).toEqual({ error: undefined, payload: 'function' });
});

test('an error of a handler is the payload of the failure', async () => {
  const { payload, error } = await invoke('fails');
  expect(error).toBe('Unhandled');
  expect(payload).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such order' });
  expect(payload).toHaveProperty('trace.0', 'TypeError: no such order');
});

test.each([
  ['missing', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
  ['broken', 'Error', 'cannot start'],
  [
    'callback',
    'Runtime.CallbackHandlerDeprecated',
    'ERROR: callback-based handlers are not supported from Node.js 24. Return a promise.',
  ],
])('the error of a function that cannot be loaded says why (%s)', async (name, errorType, errorMessage) => {
  const { payload, error } = await invoke(name);
  expect(error).toBe('Unhandled');
  expect(payload).toMatchObject({ errorType, errorMessage });
});

test('a response above 6 MB is a failure', async () => {
  const { payload, error } = await invoke('long');
  expect(error).toBe('Unhandled');
  expect(payload).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
});

test('an event above 6 MB, invalid JSON and an unknown function are rejected', async () => {
  const send = (FunctionName: string, Payload: string) => client.send(new InvokeCommand({ FunctionName, Payload }));
  await expect(send('echo', JSON.stringify('x'.repeat(6.5 * 2 ** 20)))).rejects.toMatchObject({
    name: 'RequestTooLargeException',
  });
  await expect(send('echo', 'no json')).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  await expect(send('nobody', '{}')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(send('echo:gone', '{}')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a dry run does not run the function', async () => {
  const answer = await client.send(new InvokeCommand({ FunctionName: 'fails', InvocationType: 'DryRun' }));
  expect(answer.StatusCode).toBe(204);
});

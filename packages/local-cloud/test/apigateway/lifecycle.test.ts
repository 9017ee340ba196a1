import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { functionResource, startFixture } from '../../testing/cloud.ts';
import { apiFixture, permission, REF_API } from './support.ts';

const methods = { 'GET /tasks': {} };

test('opens no port without an API', async () => {
  await using cloud = await startFixture({ resources: {} });
  expect(cloud.apis).toEqual([]);
});

test('fails to start with a remedy if the port is in use', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  await expect(startFixture(apiFixture({ methods }), { apiPort: port })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use, and the API needs it. Stop the process that uses it, or set another port (apiPort).`,
  );
});

test('completes a running request when closing', async () => {
  const worker = `export const handler = async (event) => {
    console.log('running');
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { statusCode: 200, body: 'done' };
  };`;
  const cloud = await startFixture(apiFixture({ methods, worker }));
  onTestFinished(() => cloud[Symbol.asyncDispose]());
  const answer = fetch(`${cloud.apis[0]?.url}/tasks`).then((response) => response.text());
  await cloud.event('lambda.log', ({ line }) => line.includes('running'));
  const closed = cloud.close();
  expect(await answer).toBe('done');
  await closed;
  await expect(fetch(`${cloud.apis[0]?.url}/tasks`)).rejects.toThrow('fetch failed');
});

test('deletes a key that is no longer in the template', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-api-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const key = { Acme: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Enabled: true } } };
  const names = async (more: object) => {
    await using cloud = await startFixture(apiFixture({ methods, more: { ...more } }), { root });
    return (await cloud.call('apigateway', 'GetApiKeys', { includeValues: true }, ROOT))['item'] as object[];
  };
  const [created] = await names(key);
  expect(await names(key)).toEqual([expect.objectContaining({ value: Reflect.get(created ?? {}, 'value') })]);
  expect(await names({})).toEqual([]);
});

test('two stages are served only below their own paths', async () => {
  const more = {
    Beta: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: REF_API, DeploymentId: { Ref: 'Deployment' }, StageName: 'beta' },
    },
  };
  await using cloud = await startFixture(apiFixture({ methods, more }));
  const urls = cloud.apis.map(({ url }) => url);
  expect(urls.map((url) => new URL(url).pathname)).toEqual(
    cloud.apis.map(({ id, stage }) => `/_aws/execute-api/${id}/${stage}`),
  );
  expect(cloud.outputs['Fixture']?.['Url']).toMatch(/\/v1\/$/);
  for (const url of urls) expect((await fetch(`${url}/tasks`)).status).toBe(200);
  const lost = await fetch(new URL('/tasks', urls[0]));
  expect([lost.status, await lost.text()]).toEqual([403, expect.stringContaining('/beta/')]);
});

test('calls an alias by its own permission and a function by a role', async () => {
  const Role = { 'Fn::GetAtt': ['Caller', 'Arn'] };
  const Uri = (arn: unknown) => ({
    'Fn::Join': ['', ['arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/', arn, '/invocations']],
  });
  const { Properties } = permission('Worker', '/v1/GET/alias') as { Properties: object };
  const more = {
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Worker' } } },
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Worker' },
        FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        Name: 'live',
      },
    },
    MayInvokeLive: {
      Type: 'AWS::Lambda::Permission',
      Properties: { ...Properties, FunctionName: { Ref: 'Live' } },
    },
    Plain: functionResource('worker', { FunctionName: 'plain' }),
    Caller: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        Policies: [
          {
            PolicyName: 'invoke',
            PolicyDocument: {
              Statement: [
                { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': ['Plain', 'Arn'] } },
              ],
            },
          },
        ],
      },
    },
  };
  const aliased = { Integration: { Type: 'AWS_PROXY', Uri: Uri({ Ref: 'Live' }) } };
  const byRole = {
    Integration: { Type: 'AWS_PROXY', Uri: Uri({ 'Fn::GetAtt': ['Plain', 'Arn'] }), Credentials: Role },
  };
  const wrongPath = { 'GET /other': aliased };
  const fixture = apiFixture({ methods: { 'GET /alias': aliased, 'GET /role': byRole, ...wrongPath }, more });
  await using cloud = await startFixture(fixture);
  const status = async (path: string) => (await fetch(`${cloud.apis[0]?.url}${path}`)).status;
  expect(await status('/alias')).toBe(200);
  expect(await status('/role')).toBe(200);
  expect(await status('/other')).toBe(500);
});

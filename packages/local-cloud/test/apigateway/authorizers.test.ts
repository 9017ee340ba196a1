import { expect, test } from 'vitest';
import { startFixture } from '../../testing/cloud.ts';
import { apiFixture, CUSTOM } from './support.ts';

const PORTS = { apiPort: 0 };
const methods = { 'GET /tasks': CUSTOM, 'POST /tasks': CUSTOM, 'GET /tasks/{id}': CUSTOM };

/** Counts its calls in the context. The token selects its response. */
const AUTHORIZER = `
let calls = 0;
export const handler = async (event) => {
  calls += 1;
  const token = event.authorizationToken ?? event.headers.authorization ?? event.headers.Authorization ?? '';
  if (token === 'unknown') throw new Error('Unauthorized');
  if (token === 'broken') throw new Error('no database');
  if (token === 'malformed') return { principalId: 'x' };
  if (token === 'nested') return { principalId: 'x', policyDocument: { Statement: [] }, context: { a: { b: 1 } } };
  const Resource = token.startsWith('only ') ? event.methodArn.split('/').slice(0, 2).join('/') + token.slice(5) : '*';
  return {
    principalId: 'tenant-1',
    policyDocument: { Version: '2012-10-17', Statement: [
      { Action: 'execute-api:Invoke', Effect: token === 'denied' ? 'Deny' : 'Allow', Resource }] },
    context: { calls, scopes: 'read', admin: true, type: event.type, methodArn: event.methodArn },
  };
};`;

async function start(authorizer: object = {}) {
  const cloud = await startFixture(
    apiFixture({ methods, authorizerCode: AUTHORIZER, authorizer: { ...authorizer } }),
    PORTS,
  );
  const call = async (token: string | undefined, path = '/tasks', method = 'GET') => {
    const headers = token === undefined ? {} : { authorization: token };
    const response = await fetch(`${cloud.apis[0]?.url}${path}`, { method, headers });
    const body = (await response.json()) as { requestContext: { authorizer: Record<string, unknown> } };
    return { status: response.status, error: response.headers.get('x-amzn-errortype'), body };
  };
  return { cloud, call };
}

test('the authorizer’s context reaches the function as text', async () => {
  const { cloud, call } = await start();
  await using _ = cloud;
  const { body } = await call('anyone');
  const id = cloud.apis[0]?.id;
  expect(body.requestContext.authorizer).toEqual({
    principalId: 'tenant-1',
    integrationLatency: expect.any(Number),
    calls: '1',
    scopes: 'read',
    admin: 'true',
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:us-east-1:000000000000:${id}/v1/GET/tasks`,
  });
});

test('a token authorizer is called only with tokens that match its expression', async () => {
  const { cloud, call } = await start({ Type: 'TOKEN', IdentityValidationExpression: 'Bearer .+' });
  await using _ = cloud;
  expect((await call('Bearer x')).body.requestContext.authorizer).toMatchObject({ type: 'TOKEN', calls: '1' });
  expect(await call('Basic x')).toMatchObject({ status: 401, error: 'UnauthorizedException' });
});

test.each([
  ['without the identity source', undefined, 401, 'UnauthorizedException', { message: 'Unauthorized' }],
  ['that says Unauthorized', 'unknown', 401, 'UnauthorizedException', { message: 'Unauthorized' }],
  [
    'that denies',
    'denied',
    403,
    'AccessDeniedException',
    { Message: 'User is not authorized to access this resource with an explicit deny' },
  ],
  [
    'whose policy allows another path',
    'only /GET/other',
    403,
    'AccessDeniedException',
    { Message: 'User is not authorized to access this resource' },
  ],
  ['that fails', 'broken', 500, 'AuthorizerConfigurationException', { message: null }],
  ['with a malformed response', 'malformed', 500, 'AuthorizerConfigurationException', { message: null }],
  ['whose context is nested', 'nested', 500, 'AuthorizerConfigurationException', { message: null }],
])('an authorizer %s', async (_name, token, status, error, body) => {
  const { cloud, call } = await start();
  await using _ = cloud;
  expect(await call(token)).toEqual({ status, error, body });
});

test('a cached result applies to its identity, for every method', async () => {
  const { cloud, call } = await start({ AuthorizerResultTtlInSeconds: 60 });
  await using _ = cloud;
  const calls = async (...request: Parameters<typeof call>) =>
    (await call(...request)).body.requestContext.authorizer['calls'];
  expect(await calls('one')).toBe('1');
  expect(await calls('one', '/tasks/7')).toBe('1');
  expect(await calls('two')).toBe('2');
  expect(await calls('one', '/tasks', 'POST')).toBe('1');
  // The cached policy names one method, so it denies the other one, as on AWS.
  expect((await call('only /GET/tasks')).status).toBe(200);
  expect((await call('only /GET/tasks', '/tasks', 'POST')).status).toBe(403);
});

test('calls the authorizer for every request without a time to live', async () => {
  const { cloud, call } = await start({ AuthorizerResultTtlInSeconds: 0 });
  await using _ = cloud;
  await call('one');
  expect((await call('one')).body.requestContext.authorizer['calls']).toBe('2');
});

test('an authorizer that API Gateway is not allowed to invoke is a misconfiguration, reported as an event', async () => {
  const { MayAuthorize: _gone, ...resources } = apiFixture({ methods, authorizerCode: AUTHORIZER }).resources;
  await using cloud = await startFixture({ ...apiFixture({ methods, authorizerCode: AUTHORIZER }), resources }, PORTS);
  const response = await fetch(`${cloud.apis[0]?.url}/tasks`, { headers: { authorization: 'x' } });
  expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
    500,
    'AuthorizerConfigurationException',
  ]);
  expect((await cloud.event('api.failed')).reason).toContain('add to the policy of arn:aws:lambda');
});

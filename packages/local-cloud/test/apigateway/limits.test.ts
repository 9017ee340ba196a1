import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { periodOf, Throttles } from '../../src/services/apigateway/data-plane/limits.ts';
import { startFixture } from '../../testing/cloud.ts';
import { apiFixture, CUSTOM, REF_API } from './support.ts';

const KEYS = { Acme: 'a'.repeat(32), Bolt: 'b'.repeat(32) };

/** A plan with two keys, Acme and Bolt. */
function planned(plan: object, enabled = true) {
  const key = (Value: string) => ({ Type: 'AWS::ApiGateway::ApiKey', Properties: { Value, Enabled: enabled } });
  const member = (name: string) => ({
    Type: 'AWS::ApiGateway::UsagePlanKey',
    Properties: { KeyId: { Ref: name }, KeyType: 'API_KEY', UsagePlanId: { Ref: 'Plan' } },
  });
  return {
    Acme: key(KEYS.Acme),
    Bolt: key(KEYS.Bolt),
    Plan: {
      Type: 'AWS::ApiGateway::UsagePlan',
      Properties: { ApiStages: [{ ApiId: REF_API, Stage: { Ref: 'Stage' } }], ...plan },
    },
    AcmeInPlan: member('Acme'),
    BoltInPlan: member('Bolt'),
  };
}

const methods = { 'GET /tasks': { ApiKeyRequired: true }, 'GET /open': {} };

async function start(fixture: Parameters<typeof apiFixture>[0], root?: string) {
  const cloud = await startFixture(apiFixture(fixture), root === undefined ? {} : { root });
  const call = async (headers: Record<string, string> = {}, path = '/tasks') => {
    const response = await fetch(`${cloud.apis[0]?.url}${path}`, { headers });
    return { status: response.status, body: (await response.json()) as { message: string; requestContext: unknown } };
  };
  return { cloud, call };
}

test('a bucket starts full and refills at its rate', () => {
  let now = 0;
  const throttles = new Throttles(() => now);
  const take = () => throttles.take('x', { rate: 2, burst: 3 });
  expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
  now = 499;
  expect(take()).toBe(false);
  now = 500;
  expect([take(), take()]).toEqual([true, false]);
  now = 60_000;
  expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
});

test('a bucket does not refill when the clock is set back', () => {
  let now = 1000;
  const throttles = new Throttles(() => now);
  const take = () => throttles.take('x', { rate: 1, burst: 1 });
  expect(take()).toBe(true);
  now = 0;
  expect(take()).toBe(false);
  now = 1000;
  expect(take()).toBe(true);
});

test('periods start at midnight UTC, on Sunday and on the first of the month', () => {
  const wednesday = Date.UTC(2026, 10, 25, 23, 59);
  expect(periodOf(wednesday, 'DAY')).toBe('2026-11-25');
  expect(periodOf(wednesday, 'WEEK')).toBe('2026-11-22');
  expect(periodOf(wednesday, 'MONTH')).toBe('2026-11-01');
  expect(periodOf(Date.UTC(2026, 10, 1), 'WEEK')).toBe('2026-11-01');
});

test('a plan limits each key separately', async () => {
  const { cloud, call } = await start({ methods, more: planned({ Throttle: { RateLimit: 0.001, BurstLimit: 2 } }) });
  await using _ = cloud;
  const acme = { 'x-api-key': KEYS.Acme };
  expect((await call(acme)).body.requestContext).toMatchObject({ identity: { apiKey: KEYS.Acme } });
  expect((await call(acme)).status).toBe(200);
  expect(await call(acme)).toEqual({ status: 429, body: { message: 'Too Many Requests' } });
  expect((await call({ 'X-API-Key': KEYS.Bolt })).status).toBe(200);
});

test('counts a quota per key and keeps it through a restart', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-api-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const fixture = { methods, more: planned({ Quota: { Limit: 2, Period: 'MONTH' } }) };
  const acme = { 'x-api-key': KEYS.Acme };
  {
    const { cloud, call } = await start(fixture, root);
    await using _ = cloud;
    expect([(await call(acme)).status, (await call(acme)).status]).toEqual([200, 200]);
    expect(await call(acme)).toEqual({ status: 429, body: { message: 'Limit Exceeded' } });
  }
  const { cloud, call } = await start(fixture, root);
  await using _ = cloud;
  expect((await call(acme)).status).toBe(429);
  expect((await call({ 'x-api-key': KEYS.Bolt })).status).toBe(200);
});

test.each([
  ['no key', {}, true],
  ['an unknown key', { 'x-api-key': 'c'.repeat(32) }, true],
  ['a disabled key', { 'x-api-key': KEYS.Acme }, false],
])('%s is forbidden', async (_name, headers, enabled) => {
  const { cloud, call } = await start({ methods, more: planned({}, enabled) });
  await using _ = cloud;
  expect(await call(headers)).toEqual({ status: 403, body: { message: 'Forbidden' } });
  expect((await call({}, '/open')).status).toBe(200);
});

test('uses the key that the authorizer returns', async () => {
  const authorizerCode = `export const handler = async ({ headers, methodArn }) => ({
    principalId: 'x',
    policyDocument: { Statement: [{ Action: '*', Effect: 'Allow', Resource: methodArn }] },
    usageIdentifierKey: headers.authorization,
  });`;
  const { cloud, call } = await start({
    api: { ApiKeySourceType: 'AUTHORIZER' },
    methods: { 'GET /tasks': { ...CUSTOM, ApiKeyRequired: true } },
    authorizerCode,
    more: planned({ Throttle: { RateLimit: 0.001, BurstLimit: 1 } }),
  });
  await using _ = cloud;
  expect((await call({ authorization: KEYS.Acme })).status).toBe(200);
  expect((await call({ authorization: KEYS.Acme })).status).toBe(429);
  expect((await call({ authorization: KEYS.Bolt })).status).toBe(200);
  expect((await call({ authorization: 'c'.repeat(32), 'x-api-key': KEYS.Bolt })).status).toBe(403);
});

test('a stage limits each method separately', async () => {
  const MethodSettings = [
    { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 },
    { ResourcePath: '/~1open', HttpMethod: 'GET', ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 },
  ];
  const { cloud, call } = await start({ methods: { 'GET /open': {}, 'GET /tasks': {} }, stage: { MethodSettings } });
  await using _ = cloud;
  const statuses = async (path: string) => {
    const all: number[] = [];
    for (let i = 0; i < 3; i++) all.push((await call({}, path)).status);
    return all;
  };
  expect(await statuses('/open')).toEqual([200, 429, 429]);
  expect(await statuses('/tasks')).toEqual([200, 200, 429]);
});

test('the stage’s throttle applies before the authorizer', async () => {
  const MethodSettings = [{ ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 }];
  const authorizerCode = `export const handler = async () => { throw new Error('Unauthorized'); };`;
  const { cloud, call } = await start({ methods: { 'GET /tasks': CUSTOM }, authorizerCode, stage: { MethodSettings } });
  await using _ = cloud;
  expect([(await call()).status, (await call()).status]).toEqual([401, 429]);
});

test('rejects a request without a required parameter', async () => {
  const RequestParameters = { 'method.request.querystring.q': true, 'method.request.header.X-Other': false };
  const validated = { RequestParameters, RequestValidatorId: { Ref: 'Validator' } };
  const Validator = {
    Type: 'AWS::ApiGateway::RequestValidator',
    Properties: { RestApiId: REF_API, ValidateRequestParameters: true },
  };
  const { cloud, call } = await start({ methods: { 'GET /tasks': validated }, more: { Validator } });
  await using _ = cloud;
  const rejected = { status: 400, body: { message: 'Missing required request parameters: [q]' } };
  expect(await call()).toEqual(rejected);
  expect((await call({}, '/tasks?q=1')).status).toBe(200);
});

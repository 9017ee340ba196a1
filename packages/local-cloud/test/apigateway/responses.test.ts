import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';
import { apiFixture, uri } from './support.ts';

/** Returns the response given in the query as JSON; `wait` delays it beyond the time limit. */
const worker = `export const handler = async ({ queryStringParameters: query }) => {
  if (query?.throws) throw new Error('a secret reason');
  if (query?.wait) await new Promise(() => setTimeout(() => {}, 5_000));
  return JSON.parse(query?.answer ?? 'null');
};`;

const INTEGRATION = { Type: 'AWS_PROXY', Uri: uri({ 'Fn::GetAtt': ['Worker', 'Arn'] }) };
const methods = {
  'GET /': {},
  'POST /': {},
  'HEAD /': {},
  'GET /quick': { Integration: { ...INTEGRATION, TimeoutInMillis: 100 } },
  'GET /forbidden': { Integration: { ...INTEGRATION, Uri: uri({ 'Fn::GetAtt': ['Stranger', 'Arn'] }) } },
  'GET /full': { Integration: { ...INTEGRATION, Uri: uri({ 'Fn::GetAtt': ['Full', 'Arn'] }) } },
};

let cloud: FixtureCloud;
beforeAll(async () => {
  const base = apiFixture({ methods, worker });
  const { Worker, MayInvoke } = base.resources as Record<string, { Properties: object }>;
  const named = (name: string, more = {}) => ({
    ...Worker,
    Properties: { ...Worker?.Properties, FunctionName: name, ...more },
  });
  const mayInvokeFull = { ...MayInvoke, Properties: { ...MayInvoke?.Properties, FunctionName: { Ref: 'Full' } } };
  cloud = await startFixture({
    ...base,
    resources: {
      ...base.resources,
      Stranger: named('stranger'),
      Full: named('full', { ReservedConcurrentExecutions: 0 }),
      MayInvokeFull: mayInvokeFull,
    },
  });
});
afterAll(() => cloud[Symbol.asyncDispose]());

const url = (path = '/'): string => `${cloud.apis[0]?.url}${path}`;
const respond = (answer: unknown): Promise<Response> =>
  fetch(url(`/?answer=${encodeURIComponent(JSON.stringify(answer))}`));

test('returns the function’s status, headers and body', async () => {
  const response = await respond({
    statusCode: 201,
    headers: { Location: '/tasks/1', 'X-Number': 3, 'content-type': 'text/plain' },
    multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
    body: 'done',
  });
  expect([response.status, await response.text()]).toEqual([201, 'done']);
  expect(response.headers.get('location')).toBe('/tasks/1');
  expect(response.headers.get('x-number')).toBe('3');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(response.headers.has('x-amzn-errortype')).toBe(false);
});

test('renames headers that API Gateway sets itself', async () => {
  const { headers } = await respond({ statusCode: 401, headers: { 'WWW-Authenticate': 'Bearer', Server: 'mine' } });
  expect(headers.get('www-authenticate')).toBeNull();
  expect(headers.get('x-amzn-remapped-www-authenticate')).toBe('Bearer');
  expect(headers.get('x-amzn-remapped-server')).toBe('mine');
});

test.each([
  ['null', null],
  ['text', 'done'],
  ['no status', { body: 'done' }],
  ['a body that is not a string', { statusCode: 200, body: { done: true } }],
  ['an unknown field', { statusCode: 200, body: '', message: 'done' }],
  ['an invalid status', { statusCode: 42 }],
  ['an invalid header', { statusCode: 200, headers: { 'x-line': 'a\nb' } }],
])('%s is a malformed response', async (_name, answer) => {
  const response = await respond(answer);
  expect(response.status).toBe(502);
  expect(response.headers.get('x-amzn-errortype')).toBe('InternalServerErrorException');
  expect(await response.json()).toEqual({ message: 'Internal server error' });
});

test.each([
  ['that fails', '/?throws=1', 502, 'Internal server error', 'a secret reason'],
  ['that takes too long', '/quick?wait=1', 504, 'Endpoint request timed out', '100 ms'],
  ['that API Gateway is not allowed to call', '/forbidden', 500, 'Internal server error', 'add to the policy of'],
  ['that is throttled', '/full', 500, 'Internal server error', 'TooManyRequestsException'],
])('a function %s', async (_name, path, status, message, reason) => {
  const response = await fetch(url(path));
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ message });
  const requestId = response.headers.get('x-amzn-requestid');
  const event = await cloud.event('api.failed', ({ requestId: id }) => id === requestId);
  expect(event).toMatchObject({ status, reason: expect.stringContaining(reason) });
});

test('rejects a body over 10 MB and an event over 6 MB', async () => {
  for (const megabytes of [11, 7]) {
    const response = await fetch(url(), { method: 'POST', body: Buffer.alloc(megabytes * 2 ** 20, 'x') });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([413, 'RequestTooLargeException']);
  }
});

test('sends no body for HEAD and for statuses without a body', async () => {
  const answer = encodeURIComponent(JSON.stringify({ statusCode: 200, body: 'hidden' }));
  const head = await fetch(url(`/?answer=${answer}`), { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  const nothing = await respond({ statusCode: 204, body: 'hidden' });
  expect([nothing.status, await nothing.text()]).toEqual([204, '']);
});

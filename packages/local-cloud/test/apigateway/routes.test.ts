import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';
import { apiFixture } from './support.ts';

const methods = {
  'GET /tasks': {},
  'GET /tasks/{id}': {},
  'GET /tasks/{id}/result': {},
  'GET /tasks/latest': {},
  'ANY /files/{path+}': {},
  'POST /{tenant}/agents/{agent}': {},
};

let cloud: FixtureCloud;
beforeAll(async () => {
  cloud = await startFixture(apiFixture({ methods }));
});
afterAll(() => cloud[Symbol.asyncDispose]());

test.each([
  ['GET', '/tasks', '/tasks', null],
  ['GET', '/tasks/', '/tasks', null],
  ['GET', '/tasks/7', '/tasks/{id}', { id: '7' }],
  ['GET', '/tasks/latest', '/tasks/latest', null],
  ['GET', '/tasks/latest/result', '/tasks/{id}/result', { id: 'latest' }],
  ['GET', '/tasks/a%2Fb', '/tasks/{id}', { id: 'a/b' }],
  ['DELETE', '/files/a/b/c.txt', '/files/{path+}', { path: 'a/b/c.txt' }],
  ['POST', '/acme/agents/triage', '/{tenant}/agents/{agent}', { tenant: 'acme', agent: 'triage' }],
])('%s %s is routed to %s', async (method, path, resource, pathParameters) => {
  const response = await fetch(`${cloud.apis[0]?.url}${path}`, { method });
  expect(await response.json()).toMatchObject({ resource, pathParameters });
});

test.each([
  ['GET', '/'],
  ['GET', '/nothing'],
  ['POST', '/tasks'],
  ['GET', '/files'],
  ['GET', '/tasks/7/other'],
  ['POST', '/acme/agents'],
])('%s %s has no route', async (method, path) => {
  const response = await fetch(`${cloud.apis[0]?.url}${path}`, { method });
  expect(response.status).toBe(403);
  expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
});

test('rejects a path that is not valid percent-encoded text', async () => {
  expect((await fetch(`${cloud.apis[0]?.url}/tasks/%zz`)).status).toBe(400);
});

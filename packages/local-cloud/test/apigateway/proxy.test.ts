import type { APIGatewayProxyEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { startFixture } from '../../testing/cloud.ts';
import { apiFixture } from './support.ts';

const PORTS = { apiPort: 0 };
const methods = { 'ANY /tasks/{id}': {}, 'POST /tasks': {}, 'GET /': {} };

test('a function gets the request as an event of format 1.0', async () => {
  await using cloud = await startFixture(apiFixture({ methods, stage: { Variables: { colour: 'red' } } }), PORTS);
  const [api] = cloud.apis;
  const response = await fetch(`${api?.url}/tasks/a%20b?x=1&x=2&y=%26`, {
    method: 'PUT',
    headers: { 'content-type': 'text/plain', 'x-colour': 'blue' },
    body: 'héllo',
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  const event = (await response.json()) as APIGatewayProxyEvent;
  expect(event).toMatchObject({
    resource: '/tasks/{id}',
    path: '/tasks/a b',
    httpMethod: 'PUT',
    queryStringParameters: { x: '2', y: '&' },
    multiValueQueryStringParameters: { x: ['1', '2'], y: ['&'] },
    pathParameters: { id: 'a b' },
    stageVariables: { colour: 'red' },
    body: 'héllo',
    isBase64Encoded: false,
    requestContext: {
      resourcePath: '/tasks/{id}',
      httpMethod: 'PUT',
      path: '/v1/tasks/a%20b',
      stage: 'v1',
      apiId: api?.id,
      accountId: '000000000000',
      identity: { sourceIp: '127.0.0.1' },
      requestId: response.headers.get('x-amzn-requestid'),
    },
  });
  expect(event.headers).toMatchObject({ 'x-colour': 'blue', 'X-Forwarded-For': '127.0.0.1' });
  expect(event.multiValueHeaders['x-colour']).toEqual(['blue']);
  expect(event.requestContext.requestTimeEpoch).toBeGreaterThan(Date.now() - 60_000);
  expect(event.requestContext.requestTime).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
});

test('missing parts of a request are null', async () => {
  await using cloud = await startFixture(apiFixture({ methods }), PORTS);
  const event = await (await fetch(`${cloud.apis[0]?.url}/`)).json();
  expect(event).toMatchObject({ path: '/', resource: '/', body: null, queryStringParameters: null });
  expect(event).toMatchObject({ pathParameters: null, stageVariables: null, isBase64Encoded: false });
});

test('an API is served at its root and by id and stage on both ports, and the output has the local URL', async () => {
  await using cloud = await startFixture(apiFixture({ methods }), PORTS);
  const [api] = cloud.apis;
  expect(cloud.outputs['Fixture']).toEqual({ Url: `${api?.url}/` });
  const port = new URL(api?.url ?? '').port;
  for (const base of [api?.url, `http://127.0.0.1:${port}/_aws/execute-api/${api?.id}/v1`]) {
    expect((await fetch(`${base}/tasks/1`)).status).toBe(200);
  }
  expect((await fetch(`${cloud.endpoint}/_aws/execute-api/${api?.id}/v1/tasks/1`)).status).toBe(200);
  expect((await fetch(`${cloud.endpoint}/_aws/execute-api/${api?.id}/v2/tasks/1`)).status).toBe(403);
});

test('a binary body arrives as base64 and is returned as bytes if the client accepts them', async () => {
  const worker = `export const handler = async (event) => ({
    statusCode: 200, headers: { 'Content-Type': 'image/png' }, body: event.body, isBase64Encoded: event.isBase64Encoded });`;
  const fixture = apiFixture({ methods, worker, api: { BinaryMediaTypes: ['image~1png'] } });
  await using cloud = await startFixture(fixture, PORTS);
  const bytes = Buffer.from([137, 80, 78, 71, 0, 255]);
  const post = (accept: string) =>
    fetch(`${cloud.apis[0]?.url}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', accept },
      body: bytes,
    });
  expect(Buffer.from(await (await post('image/png')).arrayBuffer())).toEqual(bytes);
  expect(await (await post('*/*')).text()).toBe(bytes.toString('base64'));
});

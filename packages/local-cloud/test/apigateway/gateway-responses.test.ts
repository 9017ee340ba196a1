import { expect, test } from 'vitest';
import { startFixture } from '../../testing/cloud.ts';
import { apiFixture, CUSTOM, REF_API } from './support.ts';

const preflight = {
  Integration: {
    Type: 'MOCK',
    RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
    IntegrationResponses: [
      { StatusCode: '204', ResponseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" } },
    ],
  },
};
const methods = { 'GET /tasks': CUSTOM, 'GET /broken': {}, 'OPTIONS /tasks': preflight };

const response = (ResponseType: string, properties: object) => ({
  Type: 'AWS::ApiGateway::GatewayResponse',
  Properties: { RestApiId: REF_API, ResponseType, ...properties },
});

const problem = (extra = '') =>
  `{"type":"about:blank","title":$context.error.messageString,"instance":"urn:request:$context.requestId"${extra}}`;

const more = {
  Unauthorized: response('UNAUTHORIZED', {
    StatusCode: '418',
    ResponseParameters: {
      'gatewayresponse.header.Content-Type': "'application/problem+json'",
      'gatewayresponse.header.WWW-Authenticate': "'Bearer'",
      'gatewayresponse.header.X-Path': 'context.path',
      'gatewayresponse.header.X-Asked': 'method.request.header.X-Colour',
    },
    ResponseTemplates: {
      'application/json': problem(',"kind":"$context.error.responseType","at":"${context.stage}!"'),
    },
  }),
  All4: response('DEFAULT_4XX', { ResponseTemplates: { 'application/problem+json': problem() } }),
  All5: response('DEFAULT_5XX', { ResponseParameters: { 'gatewayresponse.header.Retry-After': "'1'" } }),
};

const worker = `export const handler = async () => 'malformed';`;
const authorizerCode = `export const handler = async () => ({ principalId: 'x', policyDocument: { Statement: [] } });`;

test('a response of API Gateway itself uses the status, headers and body of its gateway response', async () => {
  await using cloud = await startFixture(apiFixture({ methods, worker, authorizerCode, more }));
  const base = cloud.apis[0]?.url;
  const own = await fetch(`${base}/tasks`, { headers: { 'x-colour': 'blue' } });
  const requestId = own.headers.get('x-amzn-requestid');
  expect(own.status).toBe(418);
  expect(Object.fromEntries(own.headers)).toMatchObject({
    'content-type': 'application/problem+json',
    'www-authenticate': 'Bearer',
    'x-path': '/v1/tasks',
    'x-asked': 'blue',
    'x-amzn-errortype': 'UnauthorizedException',
  });
  expect(await own.json()).toEqual({
    type: 'about:blank',
    title: 'Unauthorized',
    instance: `urn:request:${requestId}`,
    kind: 'UNAUTHORIZED',
    at: 'v1!',
  });

  const denied = await fetch(`${base}/tasks`, { headers: { authorization: 'x' } });
  expect([denied.status, denied.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
  expect(await denied.json()).toMatchObject({ title: 'User is not authorized to access this resource' });

  const failed = await fetch(`${base}/broken`);
  expect([failed.status, failed.headers.get('retry-after')]).toEqual([502, '1']);
  expect(await failed.json()).toEqual({ message: 'Internal server error' });
});

test('a mock returns its fixed headers', async () => {
  await using cloud = await startFixture(apiFixture({ methods, authorizerCode }));
  const preflight = await fetch(`${cloud.apis[0]?.url}/tasks`, { method: 'OPTIONS' });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
});

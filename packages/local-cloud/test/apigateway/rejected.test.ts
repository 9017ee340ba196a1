import { expect, test } from 'vitest';
import { startFixture } from '../../testing/cloud.ts';
import { apiFixture, REF_API } from './support.ts';

const integration = (Integration: object) => ({ methods: { 'GET /': { Integration } } });
const mock = (response: object) =>
  integration({ Type: 'MOCK', IntegrationResponses: [{ StatusCode: '200', ...response }] });

/** Each is rejected when the template is provisioned, with the reason or the remedy, before the API serves any request. */
test.each<[string, Partial<Parameters<typeof apiFixture>[0]>, string]>([
  ['signed requests', { methods: { 'GET /': { AuthorizationType: 'AWS_IAM' } } }, 'only NONE and CUSTOM are supported'],
  [
    'a method that asks no authorizer',
    { methods: { 'GET /': { AuthorizationType: 'CUSTOM' } } },
    'needs an AuthorizerId',
  ],
  [
    'other integrations',
    integration({ Type: 'HTTP_PROXY', Uri: 'https://example.com' }),
    'AWS_PROXY (to Lambda) and MOCK are supported',
  ],
  [
    'other services',
    integration({ Type: 'AWS_PROXY', Uri: 'arn:aws:apigateway:us-east-1:sqs:path/x' }),
    'only Lambda functions are supported',
  ],
  ['templates', mock({ ResponseTemplates: { 'application/json': '#set($x = 1)' } }), 'templates are not supported'],
  ['mapped headers', mock({ ResponseParameters: { 'method.response.header.X': 'context.requestId' } }), 'fixed text'],
  ['policies of APIs', { methods: {}, api: { Policy: {} } }, 'does not support Policy'],
  ['OpenAPI documents', { methods: {}, api: { Body: {} } }, 'does not support Body'],
  ['a stage’s canary', { methods: {}, stage: { CanarySetting: {} } }, 'does not support CanarySetting'],
  [
    'an authorizer without an identity',
    { methods: {}, authorizerCode: '', authorizer: { IdentitySource: { Ref: 'AWS::NoValue' } } },
    'needs an IdentitySource',
  ],
  [
    'a plan for an API that is not there',
    {
      methods: {},
      more: {
        Plan: { Type: 'AWS::ApiGateway::UsagePlan', Properties: { ApiStages: [{ ApiId: 'other', Stage: 'v1' }] } },
      },
    },
    'the RestApi other is not in the assembly',
  ],
  [
    'a resource without its parent',
    {
      methods: {},
      more: {
        Lost: { Type: 'AWS::ApiGateway::Resource', Properties: { RestApiId: REF_API, ParentId: 'x', PathPart: 'y' } },
      },
    },
    'the resource x does not exist',
  ],
])('rejects %s', async (_name, fixture, message) => {
  await expect(startFixture(apiFixture({ methods: {}, ...fixture }))).rejects.toThrow(message);
});

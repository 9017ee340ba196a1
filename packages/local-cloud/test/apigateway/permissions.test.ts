import { expect, test } from 'vitest';
import { iamWith, WORKER } from '../iam/support.ts';

const arn = (path: string): string => `arn:aws:apigateway:us-east-1::${path}`;
const allow = (Action: string | string[], ...paths: string[]) => ({
  Effect: 'Allow',
  Action,
  Resource: paths.map(arn),
});

test.each([
  ['CreateApiKey', {}, allow('apigateway:POST', '/apikeys')],
  ['GetApiKeys', { nameQuery: 'x' }, allow('apigateway:GET', '/apikeys')],
  ['UpdateApiKey', { apiKey: 'k1' }, allow('apigateway:PATCH', '/apikeys/k1')],
  ['DeleteApiKey', { apiKey: 'k1' }, allow('apigateway:DELETE', '/apikeys/*')],
  ['CreateUsagePlanKey', { usagePlanId: 'p1' }, allow('apigateway:POST', '/usageplans/p1/keys')],
  ['GetStages', { restApiId: 'a1' }, allow('apigateway:*', '/restapis/a1/stages')],
])('%s requires the method on the path', (action, input, statement) => {
  expect(() => iamWith(statement).authorize('apigateway', action, input, WORKER)).not.toThrow();
});

test.each([
  ['another method', allow('apigateway:GET', '/apikeys')],
  ['another path', allow('apigateway:POST', '/apikeys/*', '/usageplans')],
])('%s does not allow creating a key', (_name, statement) => {
  expect(() => iamWith(statement).authorize('apigateway', 'CreateApiKey', {}, WORKER)).toThrow(
    expect.objectContaining({
      code: 'AccessDeniedException',
      status: 403,
      message: expect.stringContaining(
        JSON.stringify({ Effect: 'Allow', Action: 'apigateway:POST', Resource: arn('/apikeys') }),
      ),
    }),
  );
});

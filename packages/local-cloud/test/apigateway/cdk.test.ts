import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_apigateway, aws_lambda, aws_logs, aws_wafv2, Duration, Stack } from 'aws-cdk-lib';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalCloud } from '../../src/cloud.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz012345';

/** A stack with nearly everything that the constructs of `aws-apigateway` can create. */
function synthesize(root: string): string {
  mkdirSync(join(root, 'code'));
  writeFileSync(
    join(root, 'code', 'index.mjs'),
    `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });
     export const authorize = async ({ methodArn }) => ({
       principalId: 'acme',
       policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }] },
       usageIdentifierKey: '${KEY}',
     });`,
  );
  const app = new App({ outdir: join(root, 'cdk.out'), builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Api');
  const fn = (id: string, handler: string) =>
    new aws_lambda.Function(stack, id, {
      runtime: aws_lambda.Runtime.NODEJS_22_X,
      handler,
      code: aws_lambda.Code.fromAsset(join(root, 'code')),
    });
  const worker = fn('Worker', 'index.handler');
  const authorizerFunction = fn('AuthorizerFunction', 'index.authorize');
  const live = worker.addAlias('live');
  const api = new aws_apigateway.RestApi(stack, 'Rest', {
    apiKeySourceType: aws_apigateway.ApiKeySourceType.AUTHORIZER,
    binaryMediaTypes: ['application/octet-stream'],
    cloudWatchRole: true,
    defaultCorsPreflightOptions: { allowOrigins: ['*'] },
    deployOptions: {
      stageName: 'v1',
      throttlingRateLimit: 100,
      throttlingBurstLimit: 50,
      tracingEnabled: true,
      metricsEnabled: true,
      loggingLevel: aws_apigateway.MethodLoggingLevel.INFO,
      accessLogDestination: new aws_apigateway.LogGroupLogDestination(new aws_logs.LogGroup(stack, 'Access')),
      variables: { colour: 'red' },
      methodOptions: { '/tasks/POST': { throttlingRateLimit: 5, throttlingBurstLimit: 2 } },
    },
  });
  addMethods(stack, api, { worker, authorizerFunction, live });
  const plan = api.addUsagePlan('Plan', {
    throttle: { rateLimit: 10, burstLimit: 5 },
    quota: { limit: 1000, period: aws_apigateway.Period.DAY },
  });
  plan.addApiStage({ stage: api.deploymentStage });
  plan.addApiKey(api.addApiKey('Key', { value: KEY }));
  const acl = new aws_wafv2.CfnWebACL(stack, 'Acl', {
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: { cloudWatchMetricsEnabled: true, metricName: 'acl', sampledRequestsEnabled: true },
  });
  void new aws_wafv2.CfnWebACLAssociation(stack, 'Acls', {
    resourceArn: api.deploymentStage.stageArn,
    webAclArn: acl.attrArn,
  });
  return app.synth().directory;
}

interface Functions {
  readonly worker: aws_lambda.Function;
  readonly authorizerFunction: aws_lambda.Function;
  readonly live: aws_lambda.Alias;
}

function addMethods(stack: Stack, api: aws_apigateway.RestApi, { worker, authorizerFunction, live }: Functions): void {
  const authorizer = new aws_apigateway.RequestAuthorizer(stack, 'Authorizer', {
    handler: authorizerFunction,
    identitySources: [aws_apigateway.IdentitySource.header('Authorization')],
    resultsCacheTtl: Duration.minutes(1),
  });
  const requestValidator = api.addRequestValidator('Validator', {
    validateRequestBody: true,
    validateRequestParameters: true,
  });
  const task = api.addModel('Task', { schema: { type: aws_apigateway.JsonSchemaType.OBJECT } });
  const guarded = { authorizer, apiKeyRequired: true, requestValidator };
  const tasks = api.root.addResource('tasks');
  tasks.addMethod(
    'GET',
    new aws_apigateway.LambdaIntegration(live as aws_lambda.IFunction, { timeout: Duration.seconds(29) }),
    {
      ...guarded,
      requestParameters: { 'method.request.querystring.q': true },
    },
  );
  tasks.addMethod('POST', new aws_apigateway.LambdaIntegration(worker, { allowTestInvoke: false }), {
    ...guarded,
    requestModels: { 'application/json': task },
    methodResponses: [{ statusCode: '202' }],
    operationName: 'SubmitTask',
  });
  tasks.addResource('{id}').addMethod('GET', new aws_apigateway.LambdaIntegration(worker));
  api.root.addProxy({ defaultIntegration: new aws_apigateway.LambdaIntegration(worker) });
  api.addGatewayResponse('Unauthorized', {
    type: aws_apigateway.ResponseType.UNAUTHORIZED,
    responseHeaders: { 'content-type': "'application/problem+json'" },
    templates: { 'application/json': '{"detail":$context.error.messageString}' },
  });
}

test('serves an API built with CDK constructs: aliases, authorizer, keys, validator, CORS and gateway responses', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-api-cdk-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const cloud = await startLocalCloud({ assembly: synthesize(root), dataDir: join(root, 'data'), port: 0 });
  onTestFinished(() => cloud.close());
  const url = Object.values(cloud.outputs['Api'] ?? {}).find((value) => value.startsWith('http')) ?? '';
  expect(url).toBe(`${cloud.apis[0]?.url}/`);
  const headers = { authorization: 'anyone' };

  const unauthorized = await fetch(`${url}tasks`);
  expect([unauthorized.status, unauthorized.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
  expect(await unauthorized.json()).toEqual({ detail: 'Unauthorized' });
  expect((await fetch(`${url}tasks`, { headers })).status).toBe(400);
  expect(await (await fetch(`${url}tasks?q=1`, { headers })).json()).toMatchObject({
    resource: '/tasks',
    stageVariables: { colour: 'red' },
    requestContext: { stage: 'v1', authorizer: { principalId: 'acme' }, identity: { apiKey: KEY } },
  });
  // The cached policy names one method only.
  expect((await fetch(`${url}tasks`, { method: 'POST', headers, body: '{}' })).status).toBe(403);
  const posted = await fetch(`${url}tasks`, { method: 'POST', headers: { authorization: 'another' }, body: '{}' });
  expect(await posted.json()).toMatchObject({ body: '{}', requestContext: { operationName: 'SubmitTask' } });
  expect((await fetch(`${url}tasks/1`)).status).toBe(200);
  expect(await (await fetch(`${url}a/b`)).json()).toMatchObject({ pathParameters: { proxy: 'a/b' } });
  const preflight = await fetch(`${url}tasks`, { method: 'OPTIONS' });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
});

import { z } from 'zod';
import { AssemblyError } from '../assembly/errors.ts';
import { generateId } from '../services/apigateway/apis.ts';
import type { Integration } from '../services/apigateway/apis.ts';
import { apiOf } from './api-gateway.ts';
import { cfnBoolean, cfnNumber, ignored, resourceType } from './resource.ts';
import type { ResourceContext } from './resource.ts';

/** `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations` */
const functionUri = z
  .string()
  .regex(
    /:lambda:path\/2015-03-31\/functions\/arn:[\w:$-]+\/invocations$/,
    'only Lambda functions are supported, without streaming and without stage variables in their names',
  )
  .transform((uri) => uri.slice(uri.indexOf('/functions/') + '/functions/'.length, -'/invocations'.length));

const proxy = z.strictObject({
  Type: z.literal('AWS_PROXY'),
  Uri: functionUri,
  IntegrationHttpMethod: z.literal('POST').optional(),
  Credentials: z.string().startsWith('arn:aws:iam::', 'must be the ARN of a role').optional(),
  TimeoutInMillis: cfnNumber.pipe(z.int().min(50).max(29_000)).default(29_000),
  ConnectionType: z.literal('INTERNET').optional(),
  ResponseTransferMode: z.literal('BUFFERED', 'streamed responses are not supported').optional(),
  /** Proxy integrations pass requests and responses unchanged. */
  PassthroughBehavior: ignored,
  ContentHandling: ignored,
  RequestTemplates: ignored,
  IntegrationResponses: ignored,
  /** Nothing is cached here. */
  CacheKeyParameters: ignored,
  CacheNamespace: ignored,
});

const plainTemplate = z
  .string()
  .regex(/^[^$#]*$/, 'templates are not supported: a mock returns fixed headers and text');

const mock = z.strictObject({
  Type: z.literal('MOCK'),
  RequestTemplates: z.record(z.string(), plainTemplate).default({}),
  IntegrationResponses: z
    .array(
      z.strictObject({
        StatusCode: cfnNumber.pipe(z.int().min(200).max(599)),
        SelectionPattern: z.string().optional(),
        ResponseParameters: z
          .record(
            z.string().startsWith('method.response.header.'),
            z.string().regex(/^'.*'$/s, 'a header of a mock must be a fixed text in single quotes'),
          )
          .default({}),
        ResponseTemplates: z.record(z.string(), plainTemplate).default({}),
        ContentHandling: ignored,
      }),
    )
    .default([]),
  PassthroughBehavior: ignored,
  TimeoutInMillis: ignored,
  CacheKeyParameters: ignored,
  CacheNamespace: ignored,
});

export const method = resourceType(
  'AWS::ApiGateway::Method',
  z.strictObject({
    RestApiId: z.string(),
    ResourceId: z.string(),
    HttpMethod: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY']),
    AuthorizationType: z
      .enum(['NONE', 'CUSTOM'], 'only NONE and CUSTOM are supported: signatures and user pools are not checked here')
      .default('NONE'),
    AuthorizerId: z.string().optional(),
    ApiKeyRequired: cfnBoolean.default(false),
    Integration: z.discriminatedUnion(
      'Type',
      [proxy, mock],
      'only the integrations AWS_PROXY (to Lambda) and MOCK are supported',
    ),
    RequestParameters: z.record(z.string(), cfnBoolean).default({}),
    RequestValidatorId: z.string().optional(),
    OperationName: z.string().optional(),
    /** Bodies are not validated: see RequestValidator. */
    RequestModels: ignored,
    /** A proxy integration passes the response of the function. A mock defines it in the integration. */
    MethodResponses: ignored,
  }),
  (given, context) => {
    const api = apiOf(given.RestApiId, context);
    const resource = api.resources.get(given.ResourceId);
    if (resource === undefined)
      throw new AssemblyError(context.where, `the resource ${given.ResourceId} does not exist.`);
    if (given.AuthorizationType === 'CUSTOM' && given.AuthorizerId === undefined) {
      throw new AssemblyError(context.where, 'a method with AuthorizationType CUSTOM needs an AuthorizerId.');
    }
    const validated = given.RequestValidatorId !== undefined && api.parameterValidators.has(given.RequestValidatorId);
    const required = Object.entries(given.RequestParameters).filter(([, isRequired]) => isRequired && validated);
    const ref = `${given.RestApiId}-${given.ResourceId}-${given.HttpMethod}`;
    resource.methods.set(given.HttpMethod, {
      authorizerId: given.AuthorizationType === 'CUSTOM' ? given.AuthorizerId : undefined,
      apiKeyRequired: given.ApiKeyRequired,
      integration: integrationOf(given.Integration, ref, context),
      requiredParameters: required.map(([name]) => name.replace(/^method\.request\./, '')),
      operationName: given.OperationName,
    });
    return { ref, attributes: {} };
  },
);

function integrationOf(
  given: z.output<typeof proxy> | z.output<typeof mock>,
  ref: string,
  context: ResourceContext,
): Integration {
  if (given.Type === 'AWS_PROXY') {
    context.host.functions.find(given.Uri);
    const caller = callerOf(given.Credentials, `method/${ref}`, context);
    return { kind: 'lambda', functionArn: given.Uri, timeoutMs: given.TimeoutInMillis, caller };
  }
  const wanted = /statusCode"?\s*:\s*"?(\d{3})/.exec(given.RequestTemplates['application/json'] ?? '')?.[1] ?? '';
  const response =
    given.IntegrationResponses.find(({ SelectionPattern: pattern }) => pattern !== undefined && pattern === wanted) ??
    given.IntegrationResponses.find(({ SelectionPattern: pattern }) => pattern === undefined || pattern === '');
  const headers = Object.entries(response?.ResponseParameters ?? {}).map(([name, value]) => [
    name.slice('method.response.header.'.length),
    value.slice(1, -1),
  ]);
  const body = response?.ResponseTemplates['application/json'] ?? '';
  return { kind: 'mock', status: response?.StatusCode, headers: Object.fromEntries(headers), body };
}

function callerOf(roleArn: string | undefined, owner: string, context: ResourceContext) {
  if (roleArn === undefined) return undefined;
  return context.identity(context.arn('apigateway', owner), roleArn, 'apigateway.amazonaws.com');
}

const sources = z
  .string()
  .transform((text) => text.split(',').map((source) => source.trim()))
  .pipe(
    z.array(
      z
        .string()
        .regex(
          /^(method\.request\.(header|querystring)\.|stageVariables\.|context\.(httpMethod|path|resourcePath|identity\.sourceIp)$)/,
          'an identity source must be in method.request.header, method.request.querystring, stageVariables or context',
        )
        .transform((source) => source.replace(/^method\.request\./, '')),
    ),
  );

export const authorizer = resourceType(
  'AWS::ApiGateway::Authorizer',
  z.strictObject({
    RestApiId: z.string(),
    Name: z.string().optional(),
    Type: z.enum(['TOKEN', 'REQUEST'], 'only Lambda authorizers (TOKEN and REQUEST) are supported'),
    AuthorizerUri: functionUri,
    AuthorizerCredentials: z.string().optional(),
    AuthorizerResultTtlInSeconds: cfnNumber.pipe(z.int().min(0).max(3600)).default(300),
    IdentitySource: sources.optional(),
    IdentityValidationExpression: z.string().optional(),
    /** Used only in exported OpenAPI documents. */
    AuthType: ignored,
  }),
  (given, context) => {
    const id = generateId(context.where, 6);
    const identitySources = given.IdentitySource ?? [];
    const needsSource = given.Type === 'TOKEN' || given.AuthorizerResultTtlInSeconds > 0;
    if (needsSource && identitySources.length === 0) {
      throw new AssemblyError(
        context.where,
        'an authorizer needs an IdentitySource, unless it is of type REQUEST and AuthorizerResultTtlInSeconds is 0.',
      );
    }
    context.host.functions.find(given.AuthorizerUri);
    const { IdentityValidationExpression: validation } = given;
    apiOf(given.RestApiId, context).authorizers.set(id, {
      id,
      type: given.Type,
      functionArn: given.AuthorizerUri,
      caller: callerOf(given.AuthorizerCredentials, `authorizer/${id}`, context),
      identitySources,
      validation: validation === undefined ? undefined : new RegExp(`^(?:${validation})$`),
      ttlSeconds: given.AuthorizerResultTtlInSeconds,
    });
    return { ref: id, attributes: { AuthorizerId: id } };
  },
);

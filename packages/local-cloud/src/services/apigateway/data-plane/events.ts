import { header } from './request.ts';
import type { Multi, RoutedRequest } from './request.ts';
import type { Authorizer } from '../apis.ts';

/** The result of the authorizer and the API key of a request. */
export interface RequestIdentity {
  readonly authorizer?: Readonly<Record<string, unknown>> | undefined;
  readonly apiKey?: { readonly id: string; readonly value: string } | undefined;
}

/** The event of a proxied function, format 1.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export function proxyEvent(request: RoutedRequest, body: Buffer, identity: RequestIdentity): object {
  const isBinary = isBinaryBody(request);
  return {
    ...common(request),
    requestContext: requestContext(request, identity),
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary && body.length > 0,
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html */
export function authorizerEvent(request: RoutedRequest, { type }: Authorizer, token: string | undefined): object {
  const methodArn = methodArnOf(request);
  if (type === 'TOKEN') return { type, methodArn, authorizationToken: token };
  return { type, methodArn, ...common(request), requestContext: requestContext(request, {}) };
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>`: the resource in an authorizer's policy. */
export function methodArnOf(request: RoutedRequest): string {
  return executeArn(request, `${request.stage.name}/${request.httpMethod}${request.path}`);
}

/** The source ARN of API Gateway's call to the function of a method. */
export function integrationArn(request: RoutedRequest): string {
  return executeArn(request, `${request.stage.name}/${request.httpMethod}${request.match.path}`);
}

export function executeArn({ region, account, api }: RoutedRequest, rest: string): string {
  return `arn:aws:execute-api:${region}:${account}:${api.id}/${rest}`;
}

/** Returns whether a media type is one of an API's binary types. */
export function isBinaryType(binaryMediaTypes: readonly string[], mediaType: string): boolean {
  return binaryMediaTypes.includes('*/*') || binaryMediaTypes.includes(mediaType.split(';')[0]?.trim() ?? '');
}

function isBinaryBody({ api, headers }: RoutedRequest): boolean {
  return isBinaryType(api.binaryMediaTypes, header(headers, 'content-type') ?? 'application/json');
}

function common(request: RoutedRequest): object {
  const { match, stage } = request;
  return {
    resource: match.path,
    path: decodeURIComponent(request.path),
    httpMethod: request.httpMethod,
    headers: last(request.headers),
    multiValueHeaders: all(request.headers),
    queryStringParameters: last(request.query),
    multiValueQueryStringParameters: all(request.query),
    pathParameters: orNull(match.parameters),
    stageVariables: orNull(stage.variables),
  };
}

function requestContext(request: RoutedRequest, { authorizer, apiKey }: RequestIdentity): object {
  const { api, stage, match } = request;
  return {
    resourceId: match.resource.id,
    ...(authorizer !== undefined && { authorizer }),
    resourcePath: match.path,
    ...(match.method.operationName !== undefined && { operationName: match.method.operationName }),
    httpMethod: request.httpMethod,
    extendedRequestId: request.extendedId,
    requestTime: requestTime(request.receivedAt),
    path: `/${stage.name}${request.path}`,
    accountId: request.account,
    protocol: request.protocol,
    stage: stage.name,
    domainPrefix: api.id,
    requestTimeEpoch: request.receivedAt,
    requestId: request.id,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: request.sourceIp,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: header(request.headers, 'user-agent') ?? null,
      user: null,
      ...(apiKey !== undefined && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
    },
    domainName: header(request.headers, 'host') ?? '',
    deploymentId: stage.deploymentId,
    apiId: api.id,
  };
}

/** `25/Nov/2026:04:20:56 +0000` */
export function requestTime(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(at).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

function last(values: Multi): object | null {
  return orNull(Object.fromEntries([...values].map(([name, list]) => [name, list.at(-1)])));
}

function all(values: Multi): object | null {
  return orNull(Object.fromEntries(values));
}

function orNull<T extends object>(map: T): T | null {
  return Object.keys(map).length === 0 ? null : map;
}

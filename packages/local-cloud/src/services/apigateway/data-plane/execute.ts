import type { Method } from '../apis.ts';
import type { KeyStore } from '../keys.ts';
import type { ApiResponse } from './response.ts';
import { parseResponse } from './response.ts';
import { checkPolicy } from './authorizer-result.ts';
import type { AuthorizerResult } from './authorizer-result.ts';
import type { Authorizers } from './authorizers.ts';
import { ApiError } from './errors.ts';
import { integrationArn, methodArnOf, proxyEvent } from './events.ts';
import type { RequestIdentity } from './events.ts';
import type { InvokeFunction } from './invoke.ts';
import { periodOf } from './limits.ts';
import type { Throttles } from './limits.ts';
import { header } from './request.ts';
import type { RoutedRequest } from './request.ts';

/** The services needed to execute requests. */
export interface Execution {
  readonly keys: KeyStore;
  readonly authorizers: Authorizers;
  readonly throttles: Throttles;
  readonly invoke: InvokeFunction;
  readonly now: () => number;
}

/**
 * Executes a routed request: the stage's throttles, the authorizer, the API key with its throttles and quota, required
 * parameters, and then the integration. `addContext` receives variables for gateway responses.
 * Throws `ApiError` for every response of API Gateway itself.
 */
export async function execute(
  request: RoutedRequest,
  body: Buffer,
  execution: Execution,
  addContext: (context: Readonly<Record<string, unknown>>) => void,
): Promise<ApiResponse> {
  const { method } = request.match;
  throttle(request, execution);
  const startedAt = execution.now();
  const result = await authorized(request, execution);
  const authorizer =
    result === undefined
      ? undefined
      : { ...result.context, principalId: result.principalId, integrationLatency: execution.now() - startedAt };
  if (authorizer !== undefined) {
    addContext(Object.fromEntries(Object.entries(authorizer).map(([name, value]) => [`authorizer.${name}`, value])));
  }
  const apiKey = method.apiKeyRequired ? checkKey(request, result, execution) : undefined;
  checkParameters(request, method);
  return integrate(request, body, { authorizer, apiKey }, execution);
}

async function authorized(request: RoutedRequest, { authorizers }: Execution): Promise<AuthorizerResult | undefined> {
  const { authorizerId } = request.match.method;
  if (authorizerId === undefined) return undefined;
  const authorizer = request.api.authorizers.get(authorizerId);
  if (authorizer === undefined) {
    throw new ApiError('authorizerMisconfigured', { reason: `the authorizer ${authorizerId} does not exist` });
  }
  const result = await authorizers.result(authorizer, request);
  checkPolicy(result, methodArnOf(request));
  return result;
}

/** Returns the API key of a request, if its plan allows the request. */
function checkKey(request: RoutedRequest, result: AuthorizerResult | undefined, execution: Execution) {
  const { keys, throttles, now } = execution;
  const { api, stage, match } = request;
  const value = api.apiKeySource === 'HEADER' ? header(request.headers, 'x-api-key') : result?.usageIdentifierKey;
  const key = typeof value === 'string' ? keys.keyOfValue(value) : undefined;
  const plan = key?.enabled === true ? keys.planOf(key.id, api.id, stage.name) : undefined;
  if (key === undefined || plan === undefined) throw new ApiError('invalidKey');
  const methodName = `${match.path}/${match.declared}`;
  const ofMethod = plan.stages.find((given) => given.apiId === api.id && given.stage === stage.name)?.throttle[
    methodName
  ];
  const limits = [
    ...(ofMethod === undefined
      ? []
      : [[`plan ${plan.id} ${key.id} ${api.id} ${stage.name} ${methodName}`, ofMethod] as const]),
    ...(plan.throttle === undefined ? [] : [[`plan ${plan.id} ${key.id}`, plan.throttle] as const]),
  ];
  for (const [name, { rate, burst }] of limits) {
    if (!throttles.take(name, { rate, burst })) throw new ApiError('throttled');
  }
  const { quota } = plan;
  if (quota !== undefined && !keys.countRequest(plan.id, key.id, periodOf(now(), quota.period), quota.limit)) {
    throw new ApiError('quotaExceeded');
  }
  return { id: key.id, value: key.value };
}

/** Applies the stage's throttles. Each method has its own bucket, even if all methods have the same limit. */
function throttle({ api, stage, match }: RoutedRequest, { throttles }: Execution): void {
  const name = `${match.path} ${match.declared}`;
  const { throttles: limits } = stage;
  const limit =
    limits.get(name) ?? limits.get(`${match.path} *`) ?? limits.get(`* ${match.declared}`) ?? limits.get('* *');
  const passes = limit === undefined || throttles.take(`stage ${api.id} ${stage.name} ${name}`, limit);
  if (!passes || !throttles.takeFromAccount()) throw new ApiError('throttled');
}

function checkParameters(request: RoutedRequest, { requiredParameters }: Method): void {
  const missing = requiredParameters.filter((parameter) => {
    const dot = parameter.indexOf('.');
    const [location, name] = [parameter.slice(0, dot), parameter.slice(dot + 1)];
    const value =
      location === 'header'
        ? header(request.headers, name)
        : location === 'path'
          ? request.match.parameters[name]
          : request.query.get(name)?.at(-1);
    return value === undefined || value === '';
  });
  if (missing.length === 0) return;
  const names = missing.map((parameter) => parameter.slice(parameter.indexOf('.') + 1)).join(', ');
  throw new ApiError('badRequest', { message: `Missing required request parameters: [${names}]` });
}

async function integrate(
  request: RoutedRequest,
  body: Buffer,
  identity: RequestIdentity,
  { invoke }: Execution,
): Promise<ApiResponse> {
  const { integration } = request.match.method;
  if (integration.kind === 'mock') {
    const { status, headers, body } = integration;
    if (status !== undefined) return { status, headers, body };
    throw new ApiError('misconfigured', { reason: 'the mock integration defines no response' });
  }
  const event = JSON.stringify(proxyEvent(request, body, identity));
  const invocation = invoke(integration.functionArn, event, integrationArn(request), integration.caller);
  const outcome = await within(integration.timeoutMs, invocation);
  switch (outcome?.kind) {
    case undefined:
      throw new ApiError('timeout', { reason: `no response within ${integration.timeoutMs} ms` });
    case 'response':
      return parseResponse(outcome.payload, request);
    case 'failed':
      throw new ApiError('functionFailed', { reason: `the function failed: ${outcome.errorMessage}` });
    case 'throttled':
      throw new ApiError('functionThrottled', { reason: outcome.reason });
    case 'tooLarge':
      throw new ApiError('tooLarge');
    case 'rejected':
      throw new ApiError('misconfigured', { reason: outcome.reason });
  }
}

/** Returns the result of the work, or undefined on timeout. The work continues. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

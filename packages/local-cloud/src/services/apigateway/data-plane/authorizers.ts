import type { Authorizer } from '../apis.ts';
import { readResult } from './authorizer-result.ts';
import type { AuthorizerResult } from './authorizer-result.ts';
import { ApiError } from './errors.ts';
import { authorizerEvent, executeArn } from './events.ts';
import type { InvokeFunction } from './invoke.ts';
import { header } from './request.ts';
import type { RoutedRequest } from './request.ts';

/** Maximum number of cached results. Beyond it, the oldest is dropped. */
const MAX_CACHED = 50_000;

/**
 * Calls authorizers and caches their results.
 *
 * 1. A request without one of the identity sources is rejected without calling the authorizer.
 * 2. A cached result applies to the same authorizer, stage and values of the identity sources until it expires, regardless
 *    of the method it was obtained for.
 */
export class Authorizers {
  readonly #invoke: InvokeFunction;
  readonly #now: () => number;
  readonly #cache = new Map<string, { readonly result: AuthorizerResult; readonly until: number }>();

  constructor(invoke: InvokeFunction, now: () => number) {
    this.#invoke = invoke;
    this.#now = now;
  }

  async result(authorizer: Authorizer, request: RoutedRequest): Promise<AuthorizerResult> {
    const values = identityOf(authorizer, request);
    const cached = authorizer.ttlSeconds > 0 && values.length > 0;
    const key = JSON.stringify([request.api.id, request.stage.name, authorizer.id, ...values]);
    const known = cached ? this.#cache.get(key) : undefined;
    if (known !== undefined && known.until > this.#now()) return known.result;
    const result = await this.#call(authorizer, request, values[0]);
    if (cached) this.#store(key, { result, until: this.#now() + authorizer.ttlSeconds * 1000 });
    return result;
  }

  async #call(authorizer: Authorizer, request: RoutedRequest, token: string | undefined): Promise<AuthorizerResult> {
    const event = JSON.stringify(authorizerEvent(request, authorizer, token));
    const source = executeArn(request, `authorizers/${authorizer.id}`);
    const outcome = await this.#invoke(authorizer.functionArn, event, source, authorizer.caller);
    switch (outcome.kind) {
      case 'response':
        return readResult(outcome.payload);
      case 'failed':
        // This is the only way for an authorizer to make API Gateway return 401.
        if (outcome.errorMessage === 'Unauthorized') throw new ApiError('unauthorized');
        throw new ApiError('authorizerFailed', { reason: `the authorizer failed: ${outcome.errorMessage}` });
      case 'throttled':
      case 'tooLarge':
        throw new ApiError('authorizerFailed', { reason: `the authorizer was not invoked: ${outcome.reason}` });
      case 'rejected':
        throw new ApiError('authorizerMisconfigured', { reason: outcome.reason });
    }
  }

  #store(key: string, entry: { readonly result: AuthorizerResult; readonly until: number }): void {
    this.#cache.delete(key);
    this.#cache.set(key, entry);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > MAX_CACHED && oldest !== undefined) this.#cache.delete(oldest);
  }
}

/** Returns the values of the identity sources. Throws `ApiError` if one is missing, empty or does not match the validation. */
function identityOf({ identitySources, validation }: Authorizer, request: RoutedRequest): readonly string[] {
  const values = identitySources.map((source) => valueOf(source, request));
  if (values.some((value) => value === undefined || value === '')) throw new ApiError('unauthorized');
  const given = values.map(String);
  if (validation !== undefined && !validation.test(given[0] ?? '')) throw new ApiError('unauthorized');
  return given;
}

function valueOf(source: string, request: RoutedRequest): string | undefined {
  const dot = source.indexOf('.');
  const [location, name] = [source.slice(0, dot), source.slice(dot + 1)];
  if (location === 'header') return header(request.headers, name);
  if (location === 'querystring') return request.query.get(name)?.at(-1);
  if (location === 'stageVariables') return request.stage.variables[name];
  if (name === 'httpMethod') return request.httpMethod;
  if (name === 'path') return `/${request.stage.name}${request.path}`;
  if (name === 'resourcePath') return request.match.path;
  return name === 'identity.sourceIp' ? request.sourceIp : undefined;
}

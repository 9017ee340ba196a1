import type { Authorizer } from '../apis.ts';
import { readResult } from './authorizer-result.ts';
import type { AuthorizerResult } from './authorizer-result.ts';
import { ApiError } from './errors.ts';
import { authorizerEvent, executeArn } from './events.ts';
import type { InvokeFunction } from './invoke.ts';
import { header } from './request.ts';
import type { RoutedRequest } from './request.ts';

/** Results kept; the one that was cached first is given up. */
const MAX_CACHED = 50_000;

/**
 * Asks authorizers, and remembers their results.
 *
 * 1. A request without one of the identity sources is refused, and nobody is asked.
 * 2. A result holds for the same authorizer, stage and values of the identity sources, until its time is over; whatever
 *    method it was got for.
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
    const result = await this.#ask(authorizer, request, values[0]);
    if (cached) this.#remember(key, { result, until: this.#now() + authorizer.ttlSeconds * 1000 });
    return result;
  }

  async #ask(authorizer: Authorizer, request: RoutedRequest, token: string | undefined): Promise<AuthorizerResult> {
    const event = JSON.stringify(authorizerEvent(request, authorizer, token));
    const source = executeArn(request, `authorizers/${authorizer.id}`);
    const outcome = await this.#invoke(authorizer.functionArn, event, source, authorizer.caller);
    switch (outcome.kind) {
      case 'answer':
        return readResult(outcome.payload);
      case 'failed':
        // The one way for an authorizer to have the client told that it should sign in.
        if (outcome.errorMessage === 'Unauthorized') throw new ApiError('unauthorized');
        throw new ApiError('authorizerFailed', { reason: `the authorizer failed: ${outcome.errorMessage}` });
      case 'throttled':
      case 'tooLarge':
        throw new ApiError('authorizerFailed', { reason: `the authorizer was not invoked: ${outcome.reason}` });
      case 'refused':
        throw new ApiError('authorizerMisconfigured', { reason: outcome.reason });
    }
  }

  #remember(key: string, entry: { readonly result: AuthorizerResult; readonly until: number }): void {
    this.#cache.delete(key);
    this.#cache.set(key, entry);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > MAX_CACHED && oldest !== undefined) this.#cache.delete(oldest);
  }
}

/** The values of the identity sources. Throws `ApiError` when one is missing, empty, or not of the form the authorizer wants. */
function identityOf({ identitySources, validation }: Authorizer, request: RoutedRequest): readonly string[] {
  const values = identitySources.map((source) => valueOf(source, request));
  if (values.some((value) => value === undefined || value === '')) throw new ApiError('unauthorized');
  const given = values.map(String);
  if (validation !== undefined && !validation.test(given[0] ?? '')) throw new ApiError('unauthorized');
  return given;
}

function valueOf(source: string, request: RoutedRequest): string | undefined {
  const dot = source.indexOf('.');
  const [place, name] = [source.slice(0, dot), source.slice(dot + 1)];
  if (place === 'header') return header(request.headers, name);
  if (place === 'querystring') return request.query.get(name)?.at(-1);
  if (place === 'stageVariables') return request.stage.variables[name];
  if (name === 'httpMethod') return request.httpMethod;
  if (name === 'path') return `/${request.stage.name}${request.path}`;
  if (name === 'resourcePath') return request.match.path;
  return name === 'identity.sourceIp' ? request.sourceIp : undefined;
}

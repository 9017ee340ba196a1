import { FleetError, problemFrom, withoutAnswer } from './fleet-error.ts';
import { retryAfterMs } from './pause.ts';

/** Where requests go, and with which key. */
export interface Place {
  /** URL of the task API, with or without a trailing slash. */
  readonly url: string;
  readonly key: string;
  readonly fetch?: typeof fetch;
}

/** One request. Every request is safe to repeat: it carries an idempotency key or is idempotent. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  /** Set if the region that gets the request first is to be in its key. @default the request has its key, or needs none */
  readonly keyedByRegion?: true;
  /** Set if the body has new tasks with keys of their own. */
  readonly keysInBody?: true;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer<Body> {
  readonly body: Body;
  /** Set if the API asks the client to wait before the next request. */
  readonly retryAfterMs: number | undefined;
}

export type Transport = <Body>(call: Call) => Promise<Answer<Body>>;

/** API Gateway responds within 29 seconds. */
const MAX_REQUEST_MS = 35_000;

/**
 * Sends a request once. Returns what went wrong as an error, and throws only the reason of the caller's signal.
 * @param stop ends the request as if no response had come
 */
export async function sendOnce<Body>(place: Place, call: Call, stop?: AbortSignal): Promise<Answer<Body> | FleetError> {
  call.signal?.throwIfAborted();
  try {
    const response = await (place.fetch ?? fetch)(urlOf(place.url, call), init(place.key, call, stop));
    const text = await response.text();
    const wait = retryAfterMs(response.headers.get('retry-after'));
    if (!response.ok) return new FleetError(problemFrom(response.status, parsed(text)), { retryAfterMs: wait });
    // The caller's type is derived from the API's own schemas.
    return { body: (text === '' ? undefined : JSON.parse(text)) as Body, retryAfterMs: wait };
  } catch (error) {
    call.signal?.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    const problem = withoutAnswer('no-answer', `No valid response from the task API at ${place.url}: ${why}.`);
    return new FleetError(problem, { cause: error });
  }
}

function urlOf(url: string, { path, query = {} }: Call): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return `${url.replace(/\/+$/, '')}${path}${search.size === 0 ? '' : `?${search.toString()}`}`;
}

function init(key: string, { method, body, idempotencyKey, signal }: Call, stop: AbortSignal | undefined): RequestInit {
  const limit = AbortSignal.timeout(MAX_REQUEST_MS);
  return {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([limit, ...(signal ? [signal] : []), ...(stop ? [stop] : [])]),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

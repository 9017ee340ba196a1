import { FleetError, problemFrom, withoutAnswer } from './fleet-error.ts';
import { pause, retryAfterMs } from './pause.ts';

export interface FleetClientOptions {
  /** URL of the task API: the stack output `ApiUrl`, or http://127.0.0.1:4400 after `npm start`. */
  readonly url: string;
  /** A bearer key, `flk_…`. */
  readonly key: string;
  /** Most attempts per request. The default covers an outage of about half a minute. @default 8 */
  readonly attempts?: number;
  /** Milliseconds before the second attempt. Doubles with every further attempt, with jitter. @default 250 */
  readonly backoffMs?: number;
  /** @default the platform's own */
  readonly fetch?: typeof fetch;
}

/** One request. Every request is safe to repeat: it carries an idempotency key or is idempotent. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
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
const MAX_BACKOFF_MS = 10_000;

/**
 * Sends requests. Retries after 429, 5xx and connection errors, and honours `Retry-After`. Throws `FleetError`, or the
 * signal's reason.
 */
export function transport({ attempts = 8, backoffMs = 250, ...options }: FleetClientOptions): Transport {
  return async <Body>(call: Call): Promise<Answer<Body>> => {
    for (let attempt = 1; ; attempt += 1) {
      const result = await sendOnce<Body>(options, call);
      if (!(result instanceof FleetError)) return result;
      if (attempt >= attempts || !isRetryable(result)) throw result;
      const backoff = Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (attempt - 1));
      await pause(result.retryAfterMs ?? backoff * (0.5 + Math.random() / 2), call.signal);
    }
  };
}

/** True for no response, too many requests, and server errors. */
export const isRetryable = ({ status }: { readonly status: number }): boolean =>
  status === 0 || status === 429 || status >= 500;

async function sendOnce<Body>(
  options: Pick<FleetClientOptions, 'url' | 'key' | 'fetch'>,
  call: Call,
): Promise<Answer<Body> | FleetError> {
  call.signal?.throwIfAborted();
  try {
    const response = await (options.fetch ?? fetch)(urlOf(options.url, call), init(options.key, call));
    const text = await response.text();
    const wait = retryAfterMs(response.headers.get('retry-after'));
    if (!response.ok) return new FleetError(problemFrom(response.status, parsed(text)), { retryAfterMs: wait });
    // The caller's type is derived from the API's own schemas.
    return { body: (text === '' ? undefined : JSON.parse(text)) as Body, retryAfterMs: wait };
  } catch (error) {
    call.signal?.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return new FleetError(
      withoutAnswer('no-answer', `No valid response from the task API at ${options.url}: ${why}.`),
      {
        cause: error,
      },
    );
  }
}

function urlOf(url: string, { path, query = {} }: Call): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return `${url.replace(/\/+$/, '')}${path}${search.size === 0 ? '' : `?${search.toString()}`}`;
}

function init(key: string, { method, body, idempotencyKey, signal }: Call): RequestInit {
  const limit = AbortSignal.timeout(MAX_REQUEST_MS);
  return {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import { FleetError } from './fleet-error.ts';
import { pause } from './pause.ts';
import { sendOnce, type Answer, type Call, type Transport } from './send-once.ts';

export type { Transport } from './send-once.ts';

/** A fleet with one address. */
export interface OneRegion {
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

const MAX_BACKOFF_MS = 10_000;

/**
 * Sends requests. Retries after 429, 5xx and connection errors, and honours `Retry-After`. Throws `FleetError`, or the
 * signal's reason.
 */
export function transport({ attempts = 8, backoffMs = 250, ...place }: OneRegion): Transport {
  return async <Body>(call: Call): Promise<Answer<Body>> => {
    for (let attempt = 1; ; attempt += 1) {
      const result = await sendOnce<Body>(place, call);
      if (!(result instanceof FleetError)) return result;
      if (attempt >= attempts || !isRetryable(result)) throw result;
      const backoff = Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (attempt - 1));
      await pause(result.retryAfterMs ?? jittered(backoff), call.signal);
    }
  };
}

/** True for no response, too many requests, and server errors. */
export const isRetryable = ({ status }: { readonly status: number }): boolean =>
  status === 0 || status === 429 || status >= 500;

/** At least half of a time, so that clients do not come back all at once. */
export const jittered = (ms: number): number => ms * (0.5 + Math.random() / 2);

import { retryAfterMs } from '../http/retry-after.ts';

/** The limits that the API reports one by one (docs: "Rate limits", response headers). */
const LIMITS = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/**
 * Returns the milliseconds that the provider asks us to wait: `retry-after`, or else the time until the last exhausted
 * limit is reset. Undefined if the headers contain neither.
 */
export function requestedWaitMs(headers: Headers | undefined, now: number): number | undefined {
  if (!headers) return undefined;
  const retryAfter = retryAfterMs(headers.get('retry-after'), now);
  if (retryAfter !== undefined) return retryAfter;
  const resets = LIMITS.filter((limit) => Number(headers.get(`anthropic-ratelimit-${limit}-remaining`) ?? 1) <= 0)
    .map((limit) => Date.parse(headers.get(`anthropic-ratelimit-${limit}-reset`) ?? ''))
    .filter((at) => !Number.isNaN(at));
  return resets.length === 0 ? undefined : Math.max(0, Math.ceil(Math.max(...resets) - now));
}

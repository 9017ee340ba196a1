/** The limits that the API reports one by one (docs: "Rate limits", response headers). */
const LIMITS = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/**
 * Milliseconds the provider asks to wait: `retry-after` in seconds or as a date, else until the latest of the
 * exhausted limits is reset. Undefined when it does not say.
 */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  if (!headers) return undefined;
  const header = headers.get('retry-after')?.trim();
  if (header) {
    const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
    if (!Number.isNaN(ms)) return Math.max(0, Math.ceil(ms));
  }
  const resets = LIMITS.filter((limit) => Number(headers.get(`anthropic-ratelimit-${limit}-remaining`) ?? 1) <= 0)
    .map((limit) => Date.parse(headers.get(`anthropic-ratelimit-${limit}-reset`) ?? ''))
    .filter((at) => !Number.isNaN(at));
  return resets.length === 0 ? undefined : Math.max(0, Math.ceil(Math.max(...resets) - now));
}

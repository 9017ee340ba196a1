import type { RateLimit, RateLimits } from '#core/ports/model.ts';

/** Reads the limits in the response headers (docs: "Rate limits", response headers). Missing headers are left out. */
export function rateLimitsOf(headers: Headers | undefined): RateLimits {
  return {
    requests: rateLimit(headers, 'requests'),
    inputTokens: rateLimit(headers, 'input-tokens'),
    outputTokens: rateLimit(headers, 'output-tokens'),
  };
}

function rateLimit(headers: Headers | undefined, name: string): RateLimit | undefined {
  const limit = Number(headers?.get(`anthropic-ratelimit-${name}-limit`) ?? NaN);
  const remaining = Number(headers?.get(`anthropic-ratelimit-${name}-remaining`) ?? NaN);
  return limit > 0 && remaining >= 0 ? { limit, remaining } : undefined;
}

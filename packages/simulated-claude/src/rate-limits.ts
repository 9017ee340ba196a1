import type { RateLimits } from './options.ts';

/**
 * Token buckets like those of the real API, one set per API key and model. Invariants:
 *
 * 1. A bucket contains at most one minute's allowance and refills continuously.
 * 2. A call passes only if the request and input buckets have enough for it, and the output bucket is not below zero.
 * 3. Output tokens are taken after the answer, so the output bucket can fall below zero. An answer that has started is
 *    never stopped.
 */
type Kind = 'requests' | 'input-tokens' | 'output-tokens';

interface Bucket {
  readonly kind: Kind;
  readonly limit: number;
  level: number;
  filledAt: number;
}

/** Whether a call fits within the limits. If not: which limit it exceeds, and how long to wait. */
type Taken =
  | { readonly ok: true }
  | { readonly ok: false; readonly kind: Kind; readonly limit: number; readonly retryAfterSeconds: number };

export class RateLimiter {
  readonly #limits: readonly (readonly [Kind, number])[];
  readonly #buckets = new Map<string, Bucket[]>();
  readonly #now: () => number;

  constructor(limits: RateLimits, now: () => number = Date.now) {
    const all = [
      ['requests', limits.requestsPerMinute],
      ['input-tokens', limits.inputTokensPerMinute],
      ['output-tokens', limits.outputTokensPerMinute],
    ] as const;
    this.#limits = all.flatMap(([kind, limit]) => (limit === undefined ? [] : [[kind, limit] as const]));
    this.#now = now;
  }

  /** Takes one request and its input tokens from the buckets, or nothing when they do not have enough. */
  take(scope: string, inputTokens: number): Taken {
    const buckets = this.#fill(scope);
    const need = { requests: 1, 'input-tokens': inputTokens, 'output-tokens': 0 };
    for (const { kind, limit, level } of buckets) {
      // A call that is larger than the bucket waits until it is full. Otherwise it could never run.
      const missing = Math.min(need[kind], limit) - level;
      if (missing > 0) return { ok: false, kind, limit, retryAfterSeconds: Math.ceil((missing / limit) * 60) };
    }
    for (const bucket of buckets) bucket.level -= need[bucket.kind];
    return { ok: true };
  }

  /** Takes the output tokens of an answer. */
  settle(scope: string, outputTokens: number): void {
    const bucket = this.#fill(scope).find(({ kind }) => kind === 'output-tokens');
    if (bucket) bucket.level -= outputTokens;
  }

  /** `anthropic-ratelimit-*`: the limit, what remains, and when the bucket is full again (RFC 3339). */
  headers(scope: string): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const { kind, limit, level } of this.#fill(scope)) {
      const fullAt = this.#now() + ((limit - level) / limit) * 60_000;
      headers[`anthropic-ratelimit-${kind}-limit`] = String(limit);
      headers[`anthropic-ratelimit-${kind}-remaining`] = String(Math.max(0, Math.floor(level)));
      headers[`anthropic-ratelimit-${kind}-reset`] = new Date(fullAt).toISOString();
    }
    return headers;
  }

  #fill(scope: string): Bucket[] {
    const now = this.#now();
    let buckets = this.#buckets.get(scope);
    if (!buckets) {
      buckets = this.#limits.map(([kind, limit]) => ({ kind, limit, level: limit, filledAt: now }));
      this.#buckets.set(scope, buckets);
    }
    for (const bucket of buckets) {
      bucket.level = Math.min(bucket.limit, bucket.level + ((now - bucket.filledAt) / 60_000) * bucket.limit);
      bucket.filledAt = now;
    }
    return buckets;
  }
}

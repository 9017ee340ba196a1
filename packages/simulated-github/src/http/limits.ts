import type { Limits } from '../options.ts';
import { ApiError } from './api-error.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

interface Usage {
  /** Times of creations within the last hour. */
  creations: number[];
  points: { at: number; points: number }[];
  concurrent: number;
  /** Requests since the primary limit was last reset. */
  used: number;
  resetAt: number;
}

export type Cost = 'read' | 'write' | 'create';

/**
 * GitHub's rate limits per installation or user.
 *
 * 1. A request that a limit rejects does not count against the secondary limits, so the wait never grows by trying.
 * 2. A creation counts when it is let in, even if it then fails.
 */
export class LimitBook {
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #usage = new Map<string, Usage>();

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  #of(key: string): Usage {
    const now = this.#now();
    const known = this.#usage.get(key) ?? { creations: [], points: [], concurrent: 0, used: 0, resetAt: now + HOUR };
    this.#usage.set(key, known);
    if (now >= known.resetAt) Object.assign(known, { used: 0, resetAt: now + HOUR });
    known.creations = known.creations.filter((at) => now - at < HOUR);
    known.points = known.points.filter(({ at }) => now - at < MINUTE);
    return known;
  }

  /** Admits a request, or throws the error of the limit that it exceeds. Call the result when the request ends. */
  enter(key: string, cost: Cost): () => void {
    const usage = this.#of(key);
    const now = this.#now();
    if (usage.used >= this.#limits.requestsPerHour) throw primaryLimit(key, this.headers(key));
    const { creationsPerMinute, creationsPerHour, pointsPerMinute, concurrentRequests } = this.#limits;
    if (cost === 'create') {
      const recent = usage.creations.filter((at) => now - at < MINUTE);
      if (recent.length >= creationsPerMinute) throw this.#secondary((recent[0] ?? now) + MINUTE - now);
      if (usage.creations.length >= creationsPerHour) throw this.#secondary((usage.creations[0] ?? now) + HOUR - now);
    }
    const points = cost === 'read' ? 1 : 5;
    const spent = usage.points.reduce((sum, entry) => sum + entry.points, 0);
    if (spent + points > pointsPerMinute) throw this.#secondary((usage.points[0]?.at ?? now) + MINUTE - now);
    if (usage.concurrent >= concurrentRequests) throw this.#secondary(MINUTE);
    usage.points.push({ at: now, points });
    if (cost === 'create') usage.creations.push(now);
    usage.used += 1;
    usage.concurrent += 1;
    return () => (usage.concurrent -= 1);
  }

  /** Takes a request off the primary limit, because its answer was 304. */
  refund(key: string): void {
    const usage = this.#of(key);
    usage.used = Math.max(0, usage.used - 1);
  }

  headers(key: string): Record<string, string> {
    const { used, resetAt } = this.#of(key);
    const limit = this.#limits.requestsPerHour;
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(Math.ceil(resetAt / 1_000)),
      'x-ratelimit-resource': 'core',
    };
  }

  #secondary(waitMs: number): ApiError {
    return secondaryLimit(this.#limits.retryAfter ? Math.max(1, Math.ceil(waitMs / 1_000)) : undefined);
  }
}

/** The 403 of a secondary limit, with or without the seconds to wait. */
export function secondaryLimit(retryAfterSeconds: number | undefined, status = 403): ApiError {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  const message =
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. ' +
    'For more on scraping GitHub and how it may affect your rights, please review our Terms of Service (https://docs.github.com/en/site-policy/github-terms/github-terms-of-service)';
  return new ApiError(status, message, { headers });
}

export const primaryLimit = (key: string, headers: Readonly<Record<string, string>>): ApiError =>
  new ApiError(403, `API rate limit exceeded for ${key.replace(':', ' ID ')}.`, {
    headers: { ...headers, 'x-ratelimit-remaining': '0' },
  });

import type { Throttle } from '../apis.ts';

interface Bucket {
  tokens: number;
  at: number;
}

/** Refill rate and size of the bucket shared by all APIs of an account: AWS's default quota. */
const ACCOUNT: Throttle = { rate: 10_000, burst: 5_000 };
/** Maximum number of buckets. Beyond it, the least recently used one is dropped; it is full again by then. */
const MAX_BUCKETS = 100_000;

/** Token buckets by name. A bucket starts full. */
export class Throttles {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one token. Returns false if there is none. */
  take(name: string, { rate, burst }: Throttle): boolean {
    if (rate === undefined && burst === undefined) return true;
    const size = burst ?? rate ?? 0;
    const now = this.#now();
    const known = this.#buckets.get(name);
    const refilled =
      known === undefined ? size : known.tokens + (Math.max(0, now - known.at) / 1000) * (rate ?? Infinity);
    const tokens = Math.min(size, Number.isNaN(refilled) ? size : refilled);
    const allowed = tokens >= 1;
    this.#buckets.delete(name);
    this.#buckets.set(name, { tokens: allowed ? tokens - 1 : tokens, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest);
    return allowed;
  }

  takeFromAccount(): boolean {
    return this.take('account', ACCOUNT);
  }
}

export type Period = 'DAY' | 'WEEK' | 'MONTH';

/** Returns the first day of the period that contains a time, as `2026-11-25`, in UTC. Weeks start on Sunday. */
export function periodOf(now: number, period: Period): string {
  const date = new Date(now);
  if (period === 'WEEK') date.setUTCDate(date.getUTCDate() - date.getUTCDay());
  if (period === 'MONTH') date.setUTCDate(1);
  return date.toISOString().slice(0, 10);
}

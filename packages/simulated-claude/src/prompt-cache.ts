import { ApiError } from './api-error.ts';
import type { PromptBlock } from './prompt.ts';

/**
 * The prompt cache. Source: the prompt caching guide. Invariants:
 *
 * 1. A prefix is read only if exactly the same bytes were written for the same key and model, and have not expired.
 * 2. A prefix is written at each breakpoint that reaches the model's minimum. A shorter prefix is billed as plain input.
 * 3. A breakpoint finds a written prefix up to 20 blocks before it. A read renews the entry's lifetime.
 * 4. An entry can be read once the answer of the call that wrote it has started: concurrent calls each pay the write.
 */
export interface CacheUsage {
  /** Input tokens that are neither read from nor written to the cache. */
  readonly plainTokens: number;
  readonly readTokens: number;
  readonly write5mTokens: number;
  readonly write1hTokens: number;
}

export interface CachePlan {
  readonly usage: CacheUsage;
  /** Makes the call's writes readable. Call it when the answer starts. */
  commit(): void;
}

const MAX_BREAKPOINTS = 4;
const LOOKBACK_BLOCKS = 20;
const TTL_MS = { '5m': 300_000, '1h': 3_600_000 } as const;
/** Above this number of entries, expired ones are removed. */
const PRUNE_AT = 10_000;

type Ttl = keyof typeof TTL_MS;
interface Breakpoint {
  readonly index: number;
  readonly ttl: Ttl;
}

export class PromptCache {
  readonly #expiries = new Map<string, { until: number; ttl: Ttl }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** `scope` is the API key and the model. Scopes do not share entries. */
  plan(scope: string, blocks: readonly PromptBlock[], minTokens: number): CachePlan {
    const sums = prefixSums(blocks);
    const breakpoints = breakpointsOf(blocks);
    const eligible = breakpoints.filter(({ index }) => (sums[index] ?? 0) >= minTokens);
    const hit = this.#longestHit(scope, blocks, eligible);
    const readTokens = hit < 0 ? 0 : (sums[hit] ?? 0);
    // After the hit: one-hour price up to the last one-hour breakpoint, then five-minute price up to the last breakpoint.
    const end = (ttl: Ttl) =>
      sums[eligible.findLast((point) => point.ttl === ttl && point.index > hit)?.index ?? -1] ?? 0;
    const hourEnd = Math.max(readTokens, end('1h'));
    const minutesEnd = Math.max(hourEnd, end('5m'));
    const total = sums.at(-1) ?? 0;
    return {
      usage: {
        plainTokens: total - minutesEnd,
        readTokens,
        write1hTokens: hourEnd - readTokens,
        write5mTokens: minutesEnd - hourEnd,
      },
      commit: () => this.#write(scope, blocks, eligible),
    };
  }

  #longestHit(scope: string, blocks: readonly PromptBlock[], eligible: readonly Breakpoint[]): number {
    for (const { index } of eligible.toReversed()) {
      for (let at = index; at >= Math.max(0, index - LOOKBACK_BLOCKS); at -= 1) {
        const key = `${scope}:${blocks[at]?.prefix}`;
        const entry = this.#expiries.get(key);
        if (!entry || entry.until <= this.#now()) continue;
        entry.until = this.#now() + TTL_MS[entry.ttl];
        return at;
      }
    }
    return -1;
  }

  #write(scope: string, blocks: readonly PromptBlock[], eligible: readonly Breakpoint[]): void {
    const now = this.#now();
    for (const { index, ttl } of eligible)
      this.#expiries.set(`${scope}:${blocks[index]?.prefix}`, { until: now + TTL_MS[ttl], ttl });
    if (this.#expiries.size <= PRUNE_AT) return;
    for (const [key, { until }] of this.#expiries) if (until <= now) this.#expiries.delete(key);
  }
}

function prefixSums(blocks: readonly PromptBlock[]): number[] {
  let sum = 0;
  return blocks.map((block) => (sum += block.tokens));
}

function breakpointsOf(blocks: readonly PromptBlock[]): Breakpoint[] {
  const points = blocks.flatMap(({ ttl }, index) => (ttl ? [{ index, ttl }] : []));
  if (points.length > MAX_BREAKPOINTS)
    throw new ApiError(
      'invalid_request_error',
      `A maximum of ${MAX_BREAKPOINTS} blocks with cache_control may be provided. Found ${points.length}.`,
    );
  const firstShort = points.findIndex(({ ttl }) => ttl === '5m');
  if (firstShort >= 0 && points.slice(firstShort).some(({ ttl }) => ttl === '1h'))
    throw new ApiError(
      'invalid_request_error',
      "cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
    );
  return points;
}

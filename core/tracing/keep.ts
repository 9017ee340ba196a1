import type { Span } from '../ports/tracer.ts';

/** A worker's turn that takes this long is slow: most model calls end within 20 s. */
const SLOW_TURN_MS = 120_000;
/** An API request that takes this long is slow: a client waits for it. */
const SLOW_REQUEST_MS = 3_000;
/** US dollars of a turn that make it dear. */
const DEAR_USD = 0.5;

/** Whether a span is kept although its trace is not sampled: it failed, it was slow, or it was dear. */
export function isNotable({ status, kind, startMs, endMs, attributes }: Span): boolean {
  if (status === 'error') return true;
  const usd = attributes['fleet.cost.usd'];
  if (typeof usd === 'number' && usd >= DEAR_USD) return true;
  const ms = endMs - startMs;
  return (kind === 'consumer' && ms >= SLOW_TURN_MS) || (kind === 'server' && ms >= SLOW_REQUEST_MS);
}

import type { Span } from '../ports/tracer.ts';

/** A worker's turn that takes this long is slow: most model calls end within 20 s. */
const SLOW_TURN_MS = 120_000;
/** An API request that takes this long is slow: a client waits for it. */
const SLOW_REQUEST_MS = 3_000;
/** US dollars that make a turn, or a task, dear. */
const DEAR_USD = 0.5;
/**
 * The share of the time until its deadline after which a task is slow. A time for all would not do: an economy task may wait
 * for a day.
 */
const SLOW_TASK_SHARE = 0.5;

/**
 * Whether a span is kept although its trace is not sampled: it failed, it was slow, or it was dear, or its task has become
 * so over several turns. Of such a task every later turn is kept too, since both only grow.
 */
export function isNotable({ status, kind, startMs, endMs, attributes }: Span): boolean {
  if (status === 'error') return true;
  const reaches = (name: string, limit: number): boolean => Number(attributes[name] ?? 0) >= limit;
  if (reaches('fleet.cost.usd', DEAR_USD) || reaches('fleet.task.usd', DEAR_USD)) return true;
  if (reaches('fleet.deadline.used', SLOW_TASK_SHARE)) return true;
  const ms = endMs - startMs;
  return (kind === 'consumer' && ms >= SLOW_TURN_MS) || (kind === 'server' && ms >= SLOW_REQUEST_MS);
}

import type { Retrier } from './definition.ts';
import { matches, type StateError } from './errors.ts';

/**
 * Returns the delay in milliseconds before the retry of a failed attempt; undefined when it is not retried. The first
 * matching retrier decides. `attempts` counts the retries per retrier and is incremented here.
 */
export function nextRetry(
  retriers: readonly Retrier[],
  failure: StateError,
  attempts: number[],
  random: () => number,
): number | undefined {
  const index = retriers.findIndex((retrier) => matches(retrier.errorEquals, failure));
  const retrier = retriers[index];
  if (retrier === undefined) return undefined;
  const used = attempts[index] ?? 0;
  if (used >= retrier.maxAttempts) return undefined;
  while (attempts.length < retriers.length) attempts.push(0);
  attempts[index] = used + 1;
  return delay(retrier, used, random);
}

function delay(retrier: Retrier, used: number, random: () => number): number {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** used;
  const seconds = Math.min(grown, retrier.maxDelaySeconds ?? Infinity);
  return 1000 * (retrier.jitter === 'FULL' ? seconds * random() : seconds);
}

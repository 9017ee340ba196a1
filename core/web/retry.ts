import type { FetchFailure } from './snapshot.ts';

/**
 * How often a URL is asked for in a night: a host that is down twice, one that is busy three times. A page that takes too
 * long has had its time.
 */
const TRIES: Partial<Record<FetchFailure, number>> = { throttled: 3, unreachable: 2, status: 2 };
const PAUSE_MS = 20_000;
/** Whoever asks us to wait longer has no page for this night. */
const MAX_PAUSE_MS = 15 * 60_000;

export interface Failed {
  readonly failure: FetchFailure;
  readonly reason: string;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** When a failed URL may be asked for again in this night, and how often it was. Null if it may not. */
export function retryOf(
  { failure, status, retryAfterMs }: Failed,
  earlierTries: number,
  now: number,
): { readonly tries: number; readonly retryAt: number } | null {
  const tries = earlierTries + 1;
  // Other statuses are an answer.
  if (failure === 'status' && (status ?? 0) < 500) return null;
  const pause = retryAfterMs ?? PAUSE_MS;
  if (tries >= (TRIES[failure] ?? 0) || pause > MAX_PAUSE_MS) return null;
  return { tries, retryAt: now + pause };
}

import type { Failure } from '../failures/failure.ts';
import { moveTo, type Pool } from './pool.ts';

/** Failures are counted together within so long. */
const WINDOW_MS = 60_000;
/** Fewer calls say nothing. */
const MIN_CALLS = 10;
/** The share of failed calls at which the breaker opens. */
const OPENS_AT = 0.5;
/** How long it stays open: doubled each time a probe fails, up to ten minutes. */
const OPEN_MS = 30_000;
const MAX_OPEN_MS = 600_000;
/** A probe that says nothing for so long leaves its turn to another. */
const PROBE_MS = 120_000;

/**
 * Whether a failure says something of the provider, and not of the task: it failed or timed out, or would refuse any
 * call. Being throttled is the normal way of a busy pool, and a broken document breaks nobody else.
 */
export function isOfPool({ kind, everyCall }: Failure): boolean {
  return kind === 'transient' || everyCall === true;
}

/** Counts a model call that failed: opens the breaker when too many did, or when the probe did. */
export function countFailure(pool: Pool, reason: string, now: number): Pool | null {
  const { state } = pool;
  if (state.status === 'paused' || state.status === 'open') return null;
  if (state.status === 'half-open') return open(pool, state.opens + 1, reason, now);
  const recent = pool.trouble && now - pool.trouble.since < WINDOW_MS ? pool.trouble : NO_TROUBLE(now);
  const trouble = { ...recent, failed: recent.failed + 1 };
  const calls = trouble.failed + trouble.answered;
  if (calls >= MIN_CALLS && trouble.failed / calls >= OPENS_AT) return open(pool, 1, reason, now);
  return moveTo(pool, { trouble });
}

/** Counts a model call that was answered, while there is trouble: the probe's closes the breaker. */
export function countAnswer(pool: Pool, now: number): Pool | null {
  const { state, trouble } = pool;
  if (state.status === 'half-open') return moveTo(pool, { state: { status: 'resuming', since: now }, trouble: null });
  if (!trouble || state.status === 'paused' || state.status === 'open') return null;
  // The window has passed: all is well again.
  if (now - trouble.since >= WINDOW_MS) return moveTo(pool, { trouble: null });
  return moveTo(pool, { trouble: { ...trouble, answered: trouble.answered + 1 } });
}

/** Makes a task the probe, where it is time for one; null when it must wait. */
export function probe(pool: Pool, taskId: string, now: number): Pool | null {
  const { state } = pool;
  if (state.status !== 'open' && state.status !== 'half-open') return null;
  const from = state.status === 'open' ? state.until : state.probe.until;
  if (now < from) return null;
  return moveTo(pool, { state: { status: 'half-open', probe: { taskId, until: now + PROBE_MS }, opens: state.opens } });
}

const NO_TROUBLE = (since: number) => ({ since, failed: 0, answered: 0 });

function open(pool: Pool, opens: number, reason: string, now: number): Pool {
  const until = now + Math.min(MAX_OPEN_MS, OPEN_MS * 2 ** (opens - 1));
  return moveTo(pool, { state: { status: 'open', reason, until, opens }, trouble: null });
}

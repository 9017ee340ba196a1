import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';

/** How a site is treated. */
export interface Manner {
  /** Milliseconds from the end of a request to the start of the next one. */
  readonly delayMs: number;
}

export const hostPaceSchema = storedRecord({
  /** The registrable domain. */
  host: z.string().min(1),
  /** Counts writes: each one is conditional on the version it was decided from. */
  version: z.number().int().nonnegative(),
  /** The request that is under way, and when its permit ends at the latest. */
  holder: stored({ id: z.string(), until: z.number() }).nullable(),
  /** When the next request may start. */
  nextAt: z.number(),
  /** Nobody asks before, since the site said so. */
  blockedUntil: z.number(),
});

/**
 * How a site may be asked, by all workers together: one item. Times are milliseconds since the epoch.
 * - H1 A permit has one holder. It ends with the request or with its lease.
 * - H2 Between the end of a request and the start of the next one lies the site's delay. The next holder may take its permit
 *   while the delay runs, so that taking it costs no further time. It is the only start that is due: a process that held
 *   several would, after a stall, begin them at once.
 * - H3 After `Retry-After` nobody asks before the time that the site named.
 */
export type HostPace = z.infer<typeof hostPaceSchema>;

export const newHostPace = (host: string): HostPace => ({ host, version: 0, holder: null, nextAt: 0, blockedUntil: 0 });

export type PermitAnswer =
  /** The request may start at `startAt`: now, or when the site's delay is over. */
  | { readonly kind: 'go'; readonly startAt: number; readonly pace: HostPace }
  /** Not before `at`, and nothing is reserved. */
  | { readonly kind: 'later'; readonly at: number };

export interface PermitRequest {
  /** Names the request. */
  readonly id: string;
  /** How long a request may hold its permit: longer than it can take. */
  readonly leaseMs: number;
}

/** A permit is taken at most this long before its request starts, since nobody else gets one meanwhile. */
const AHEAD_MS = 1_000;

/** Whether a request may start. */
export function takePermit(pace: HostPace, { id, leaseMs }: PermitRequest, now: number): PermitAnswer {
  if (pace.blockedUntil > now) return { kind: 'later', at: pace.blockedUntil };
  const startAt = Math.max(pace.nextAt, now);
  if (isHeld(pace, now) && pace.holder?.id !== id)
    return { kind: 'later', at: Math.max(startAt, pace.holder?.until ?? 0) };
  if (startAt > now + AHEAD_MS) return { kind: 'later', at: startAt - AHEAD_MS };
  return { kind: 'go', startAt, pace: next(pace, { holder: { id, until: startAt + leaseMs } }) };
}

/** Whether somebody has the permit. */
export const isHeld = ({ holder }: HostPace, now: number): boolean => holder !== null && holder.until > now;

/** What is known of a request that ended. */
export interface Ended {
  /** When the site's answer was complete. The delay counts from here. @default now */
  readonly at?: number | undefined;
  /** How long the site asked not to be asked, in milliseconds. @default it did not */
  readonly retryAfterMs?: number | undefined;
}

/** The pace after a request ended. Null if there is nothing to write: its permit is another's by now, or it held none. */
export function endPermit(
  pace: HostPace,
  { id, manner }: { readonly id: string; readonly manner: Manner },
  now: number,
  { at = now, retryAfterMs }: Ended = {},
): HostPace | null {
  const blockedUntil = Math.max(pace.blockedUntil, retryAfterMs === undefined ? 0 : now + retryAfterMs);
  if (pace.holder?.id !== id) return blockedUntil === pace.blockedUntil ? null : next(pace, { blockedUntil });
  const nextAt = Math.max(pace.nextAt, Math.min(at, now) + manner.delayMs);
  return next(pace, { holder: null, nextAt, blockedUntil });
}

const next = (pace: HostPace, change: Partial<HostPace>): HostPace => ({
  ...pace,
  ...change,
  version: pace.version + 1,
});

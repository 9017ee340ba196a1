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
 * - H2 Between the end of a request and the start of the next one lies the site's delay. No start is reserved ahead: a
 *   process that stalls would wake with several of them due at once.
 * - H3 After `Retry-After` nobody asks before the time that the site named.
 */
export type HostPace = z.infer<typeof hostPaceSchema>;

export const newHostPace = (host: string): HostPace => ({ host, version: 0, holder: null, nextAt: 0, blockedUntil: 0 });

export type PermitAnswer =
  /** The request may start now. */
  | { readonly kind: 'go'; readonly pace: HostPace }
  /** Not before `at`, and nothing is reserved. */
  | { readonly kind: 'later'; readonly at: number };

export interface PermitRequest {
  /** Names the request. */
  readonly id: string;
  /** How long a request may hold its permit: longer than it can take. */
  readonly leaseMs: number;
}

/** Whether a request may start. */
export function takePermit(pace: HostPace, { id, leaseMs }: PermitRequest, now: number): PermitAnswer {
  if (pace.blockedUntil > now) return { kind: 'later', at: pace.blockedUntil };
  const held = pace.holder !== null && pace.holder.until > now && pace.holder.id !== id;
  const at = Math.max(pace.nextAt, held ? (pace.holder?.until ?? 0) : 0);
  if (at > now) return { kind: 'later', at };
  return { kind: 'go', pace: next(pace, { holder: { id, until: now + leaseMs } }) };
}

/** The pace after a request ended. Null if there is nothing to write: its permit is another's by now, or it held none. */
export function endPermit(
  pace: HostPace,
  { id, manner }: { readonly id: string; readonly manner: Manner },
  now: number,
  retryAfterMs?: number,
): HostPace | null {
  const blockedUntil = Math.max(pace.blockedUntil, retryAfterMs === undefined ? 0 : now + retryAfterMs);
  if (pace.holder?.id !== id) return blockedUntil === pace.blockedUntil ? null : next(pace, { blockedUntil });
  const nextAt = Math.max(pace.nextAt, now + manner.delayMs);
  return next(pace, { holder: null, nextAt, blockedUntil });
}

const next = (pace: HostPace, change: Partial<HostPace>): HostPace => ({
  ...pace,
  ...change,
  version: pace.version + 1,
});

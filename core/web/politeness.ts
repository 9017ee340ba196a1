import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';

/** How a site is treated. */
export interface Manner {
  /** Milliseconds from the end of a request to the start of the next one; between two starts where `oneAtATime` is false. */
  readonly delayMs: number;
  /** Whether a request waits for the end of the one before. */
  readonly oneAtATime: boolean;
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
 * - H1 Where requests run one at a time, a permit has one holder. It ends with the request or with its lease.
 * - H2 Between two requests lies the site's delay.
 * - H3 After `Retry-After` nobody asks before the time that the site named.
 */
export type HostPace = z.infer<typeof hostPaceSchema>;

export const newHostPace = (host: string): HostPace => ({ host, version: 0, holder: null, nextAt: 0, blockedUntil: 0 });

export type PermitAnswer =
  /** The request may start at `at`. */
  | { readonly kind: 'go'; readonly at: number; readonly pace: HostPace }
  /** Not before `at`, and nothing is reserved. */
  | { readonly kind: 'later'; readonly at: number };

export interface PermitRequest {
  /** Names the request. */
  readonly id: string;
  readonly manner: Manner;
  /** How long a request may hold its permit: longer than it can take. */
  readonly leaseMs: number;
  /** How far ahead a start may be reserved where requests need not wait for each other. */
  readonly reachMs: number;
}

/** Whether and when a request may start. */
export function takePermit(pace: HostPace, request: PermitRequest, now: number): PermitAnswer {
  const { id, manner, leaseMs, reachMs } = request;
  const held = pace.holder !== null && pace.holder.until > now && pace.holder.id !== id;
  if (pace.blockedUntil > now) return { kind: 'later', at: pace.blockedUntil };
  if (manner.oneAtATime) {
    const at = Math.max(pace.nextAt, held ? (pace.holder?.until ?? 0) : 0);
    if (at > now) return { kind: 'later', at };
    return { kind: 'go', at: now, pace: next(pace, { holder: { id, until: now + leaseMs } }) };
  }
  const at = Math.max(now, pace.nextAt);
  if (at > now + reachMs) return { kind: 'later', at };
  return { kind: 'go', at, pace: next(pace, { nextAt: at + manner.delayMs }) };
}

/** The pace after a request ended. Null if there is nothing to write: its permit is another's by now, or it held none. */
export function endPermit(
  pace: HostPace,
  { id, manner }: Pick<PermitRequest, 'id' | 'manner'>,
  now: number,
  retryAfterMs?: number,
): HostPace | null {
  const blockedUntil = Math.max(pace.blockedUntil, retryAfterMs === undefined ? 0 : now + retryAfterMs);
  if (!manner.oneAtATime || pace.holder?.id !== id) {
    return blockedUntil === pace.blockedUntil ? null : next(pace, { blockedUntil });
  }
  const nextAt = Math.max(pace.nextAt, now + manner.delayMs);
  return next(pace, { holder: null, nextAt, blockedUntil });
}

const next = (pace: HostPace, change: Partial<HostPace>): HostPace => ({
  ...pace,
  ...change,
  version: pace.version + 1,
});

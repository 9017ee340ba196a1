import { doesWork } from '#core/regions/canary.ts';
import type { Home, HomeView } from '../global/homes.ts';
import type { RegionName } from '../global/topology.ts';

/** So many of three tables decide who holds a home. */
export const MAJORITY = 2;

/** What one region's table says, or why it could not be read. */
export interface RegionReading extends RegionName {
  readonly homes: readonly HomeView[];
  /** Since when people have taken it out of service, in milliseconds since 1970. Null if they have not. */
  readonly outOfServiceSince: number | null;
  /** When the last canary that ended was accepted, in milliseconds since 1970. Null before the first one. */
  readonly lastCanaryAt: number | null;
  /** Whether it is cut off from all others: it still answers its callers. Always false for a deployed fleet, which cannot tell. */
  readonly cutOff: boolean;
  /** Null if it was read. */
  readonly problem: string | null;
}

/**
 * Why a region would not take a home over, or does not keep its own. Null if it would. A region without any canary so far
 * is a new one.
 */
export function whyUnfit(
  { problem, outOfServiceSince, lastCanaryAt, cutOff }: RegionReading,
  now: number,
): string | null {
  if (problem !== null) return problem;
  if (cutOff) return 'cut off from the others';
  if (outOfServiceSince !== null) return 'out of service';
  return lastCanaryAt === null || doesWork(lastCanaryAt, now) ? null : 'its canaries do not end';
}

export interface HomesReading {
  readonly regions: readonly RegionReading[];
  readonly homes: readonly Home[];
}

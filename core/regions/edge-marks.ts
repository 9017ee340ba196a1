import type { RegionIndex } from './epoch.ts';

/**
 * The marks by which callers at the edge are kept away from a lost region: the names of regions, as keys of a store that the
 * edge reads for each request.
 *
 * Whoever holds the home of a region speaks for it: two of three tables have granted it, after the region was silent for half a
 * minute. It marks the region as long as it does no work. A region that was drained works, and passes on what it receives; so
 * does one that is back and does not have its home yet.
 */

/** The value of a mark that the fleet made. One that people made has another value, and stays. */
export const MADE_BY_FLEET = 'lost';

/** Whether a region is lost for callers, as the region sees it that holds its home. */
export const isLost = (here: RegionIndex, home: RegionIndex, works: boolean): boolean => home !== here && !works;

/** What to change in the store for a region. Null if it is as it should be, or as people want it. */
export function markChange(mark: string | undefined, lost: boolean): 'put' | 'delete' | null {
  if (lost) return mark === undefined ? 'put' : null;
  return mark === MADE_BY_FLEET ? 'delete' : null;
}

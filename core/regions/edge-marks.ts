/**
 * The marks by which callers at the edge are kept away from a lost region: the names of regions, as keys of a store that the
 * edge reads for each request.
 *
 * Whoever holds the home of a region speaks for it. At the takeover two of three tables have granted the home, after the
 * region was silent for half a minute. From then on the holder decides alone, until the region has its home back: 15 minutes
 * or more. It marks the region as long as it does no work. A region that was drained works, and passes on what it receives; so
 * does one that is back and does not have its home yet.
 */

/** The value of a mark that the fleet made. One that people made has another value, and stays. */
export const MADE_BY_FLEET = 'lost';

/**
 * Whether a region is lost for callers, as the region sees it that holds its home. Null if that one does no work itself: it
 * cannot tell a lost region from a load under which all are slow, and would send callers to one that is no better.
 * @param isHereAtWork is asked only if the other one does no work
 */
export async function isLost(works: boolean, isHereAtWork: () => Promise<boolean>): Promise<boolean | null> {
  if (works) return false;
  return (await isHereAtWork()) ? true : null;
}

/** What to change in the store for a region. Null if it is as it should be, or as people want it. */
export function markChange(mark: string | undefined, lost: boolean): 'put' | 'delete' | null {
  if (lost) return mark === undefined ? 'put' : null;
  return mark === MADE_BY_FLEET ? 'delete' : null;
}

/**
 * Whether the store needs no further look at a region. A lost one that people marked has to be marked when they remove
 * theirs, so it is looked at again.
 */
export const isSettled = (mark: string | undefined, lost: boolean): boolean =>
  !lost || mark === undefined || mark === MADE_BY_FLEET;

/** What a region notes of another one whose home it holds. Times are milliseconds since the epoch. */
export interface NotedMark {
  readonly epoch: number;
  /** Whether the other one was lost at the last look. */
  readonly lost: boolean;
  /** Since when each look has said so. */
  readonly since: number;
  /** When the store was last made or found so. 0 if it was not yet. */
  readonly checkedAt: number;
}

/** Looks are a minute apart, so this takes two of them. One late canary neither makes nor removes a mark. */
const SURE_AFTER_MS = 30_000;
/**
 * What was checked counts for an hour: people may remove a mark, the store may be replaced, and a late request of a region
 * that is cut off may still be done. That costs two requests to the store for each home, 24 times a day.
 */
const CHECK_EVERY_MS = 3_600_000;

/** What to note after a look. The same object if nothing changed. */
export function afterLook(noted: NotedMark | null, epoch: number, lost: boolean, now: number): NotedMark {
  return noted?.epoch === epoch && noted.lost === lost ? noted : { epoch, lost, since: now, checkedAt: 0 };
}

/** Whether the mark in the store has to be checked. */
export const isDue = ({ since, checkedAt }: NotedMark, now: number): boolean =>
  now - since >= SURE_AFTER_MS && now - checkedAt >= CHECK_EVERY_MS;

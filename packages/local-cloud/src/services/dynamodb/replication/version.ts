/** A version of an item, as one region wrote it. No two writes of a region to an item have the same time. */
export interface Version {
  /** Milliseconds since the epoch, later than every version that this one builds on. */
  readonly at: number;
  /** The region that wrote it. */
  readonly by: string;
  /** By region: its writes up to this time are known to this version. A region that is missing has none. */
  readonly seen: Readonly<Record<string, number>>;
}

/** The version that a replica has of an item. */
export interface StoredVersion extends Version {
  /**
   * After a conflict: what the replica has met besides, as in `seen`. It is not sent to others, who have to meet the conflict
   * themselves.
   */
  readonly met?: Version['seen'] | undefined;
}

/** The time of an item that existed before its table was replicated. Any other version is later, and no conflict. */
export const FIRST = 1;

/** What a replica does with a version that arrives. */
export interface Meeting {
  /** Whether the arriving version replaces the one that is stored. */
  readonly wins: boolean;
  /** Whether neither was written by somebody who knew the other: one of both writes is lost. */
  readonly conflict: boolean;
  /** What to store: the version that won. */
  readonly version: StoredVersion;
}

/**
 * The version of a write in a region. `before` is the version that it replaces, if one is known. `known` is a time up to
 * which everything of every region has arrived here.
 */
export function nextVersion(
  by: string,
  now: number,
  before: StoredVersion | undefined,
  known: Version['seen'],
): Version {
  const at = Math.max(now, (before?.at ?? 0) + 1);
  return { at, by, seen: { ...laterOf(before === undefined ? {} : allSeen(before), known), [by]: at } };
}

/** The last writer wins; of two at the same time, the one whose region's name comes later. */
export function meet(stored: StoredVersion | undefined, arriving: Version): Meeting {
  if (stored === undefined) return { wins: true, conflict: false, version: arriving };
  if (knows(allSeen(stored), arriving)) return { wins: false, conflict: false, version: stored };
  const conflict = !knows(arriving.seen, stored) && stored.at !== FIRST && arriving.at !== FIRST;
  const wins = stored.at < arriving.at || (stored.at === arriving.at && stored.by < arriving.by);
  const met = conflict || stored.met !== undefined ? laterOf(allSeen(stored), arriving.seen) : undefined;
  return { wins, conflict, version: { ...(wins ? arriving : stored), met } };
}

const knows = (seen: Version['seen'], { by, at }: Version): boolean => (seen[by] ?? 0) >= at;

const allSeen = ({ seen, met }: StoredVersion): Version['seen'] => (met === undefined ? seen : laterOf(seen, met));

function laterOf(one: Version['seen'], other: Version['seen']): Version['seen'] {
  const regions = Object.keys({ ...one, ...other });
  return Object.fromEntries(regions.map((region) => [region, Math.max(one[region] ?? 0, other[region] ?? 0)]));
}

/**
 * Judges who believed to hold which home when. It knows nothing of leases, tables or epochs' meaning: from observations
 * alone it says whether two regions ever believed to hold the same home at once.
 */

/** At a moment, a region said that it holds a home until a later one. Milliseconds of one clock. */
export interface Observation {
  readonly at: number;
  readonly region: string;
  readonly home: string;
  readonly epoch: number;
  readonly until: number;
}

/** A region believed to hold a home all this time. A region that was killed counts until its belief would have ended. */
export interface Belief {
  readonly region: string;
  readonly home: string;
  readonly epoch: number;
  readonly from: number;
  readonly until: number;
}

/** Puts the observations of each region, home and epoch together to intervals, in their order. */
export function beliefsOf(observations: readonly Observation[]): Belief[] {
  const beliefs: Belief[] = [];
  const open = new Map<string, Belief>();
  for (const { at, region, home, epoch, until } of observations.toSorted((a, b) => a.at - b.at)) {
    // What has run out already is no belief.
    if (until <= at) continue;
    const key = JSON.stringify([region, home]);
    const before = open.get(key);
    const isSame = before !== undefined && before.epoch === epoch && at <= before.until;
    // A region that knows of a new epoch, or of an earlier end, no longer believes what it said before.
    const belief: Belief = { region, home, epoch, from: isSame ? before.from : at, until };
    if (before !== undefined && isSame) beliefs[beliefs.indexOf(before)] = belief;
    else {
      if (before !== undefined && before.until > at) beliefs[beliefs.indexOf(before)] = { ...before, until: at };
      beliefs.push(belief);
    }
    open.set(key, belief);
  }
  return beliefs;
}

export interface Overlap {
  readonly home: string;
  readonly one: Belief;
  readonly other: Belief;
}

/** All pairs of regions that believed to hold a home at once, or under one epoch at any time. */
export function overlapsOf(beliefs: readonly Belief[]): Overlap[] {
  return beliefs.flatMap((one, index) =>
    beliefs.slice(index + 1).flatMap((other): Overlap[] => {
      if (one.home !== other.home || one.region === other.region) return [];
      const atOnce = one.from < other.until && other.from < one.until;
      return atOnce || one.epoch === other.epoch ? [{ home: one.home, one, other }] : [];
    }),
  );
}

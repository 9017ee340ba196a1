/** What the router counts of an hour, over all portfolios. */
export interface Counts {
  readonly events: number;
  /** Records that could not be read. */
  readonly rejected: number;
  /** Events that came after newer ones of their subject. */
  readonly outOfOrder: number;
}

export interface CountStore {
  /** Adds to the counts of an hour, such as `2026-11-27T14`. A batch that the stream delivers again may count twice. */
  add(hour: string, counts: Partial<Counts>): Promise<void>;
  /** Null: nothing was counted. */
  of(hour: string): Promise<Counts | null>;
}

/** The sum of the hours that were counted. Null: none was. */
export function summed(all: readonly (Counts | null)[]): Counts | null {
  const known = all.filter((each) => each !== null);
  if (known.length === 0) return null;
  const sum = (key: keyof Counts): number => known.reduce((total, each) => total + each[key], 0);
  return { events: sum('events'), rejected: sum('rejected'), outOfOrder: sum('outOfOrder') };
}

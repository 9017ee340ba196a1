/** One test's end on MiniStack. */
export interface Ended {
  readonly title: string;
  readonly passed: boolean;
  /** The first line of its failure. */
  readonly message: string;
}

export interface Comparison {
  readonly agree: number;
  /** Tests that need something of our own service. */
  readonly onlyOurs: number;
  readonly explained: readonly string[];
  /** Failures that nothing explains. */
  readonly open: readonly Ended[];
  /** Explanations of tests that pass, or that are not there. */
  readonly stale: readonly string[];
}

/** Holds the ends of a service's tests against its known differences; `onlyOurs` marks what could not be asked. */
export function compareEnds(ends: readonly Ended[], known: ReadonlyMap<string, string>, onlyOurs: string): Comparison {
  const asked = ends.filter(({ message }) => !message.includes(onlyOurs));
  const differing = asked.filter(({ passed }) => !passed);
  return {
    agree: asked.length - differing.length,
    onlyOurs: ends.length - asked.length,
    explained: differing.filter(({ title }) => known.has(title)).map(({ title }) => title),
    open: differing.filter(({ title }) => !known.has(title)),
    stale: [...known.keys()].filter((title) => !differing.some((each) => each.title === title)),
  };
}

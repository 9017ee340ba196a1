/** The result of one test on MiniStack. */
export interface TestResult {
  readonly title: string;
  readonly passed: boolean;
  /** The first line of its failure. */
  readonly message: string;
}

export interface Comparison {
  readonly agree: number;
  /** Tests that need the local cloud's own service. */
  readonly onlyOurs: number;
  readonly explained: readonly string[];
  /** Failures without a known reason. */
  readonly open: readonly TestResult[];
  /** Explanations of tests that pass or do not exist. */
  readonly stale: readonly string[];
}

/**
 * Compares the results of a service's tests with its known differences.
 * @param onlyOurs message of a test that needs the local cloud's own service
 */
export function compareResults(
  results: readonly TestResult[],
  known: ReadonlyMap<string, string>,
  onlyOurs: string,
): Comparison {
  const relevant = results.filter(({ message }) => !message.includes(onlyOurs));
  const differing = relevant.filter(({ passed }) => !passed);
  return {
    agree: relevant.length - differing.length,
    onlyOurs: results.length - relevant.length,
    explained: differing.filter(({ title }) => known.has(title)).map(({ title }) => title),
    open: differing.filter(({ title }) => !known.has(title)),
    stale: [...known.keys()].filter((title) => !differing.some((each) => each.title === title)),
  };
}

import { SeedThread } from './seed-thread.ts';
import type { SeedReport } from './seeds.worker.ts';

/** Seeds a thread is given at once: about a tenth of a second of work. */
const CHUNK = 25;

export interface Search {
  /** The folder that holds the `core/` to run. */
  readonly root: string;
  readonly from: number;
  /** How many seeds at most; `Infinity` when time alone is the limit. */
  readonly seeds: number;
  /** Seeds that are tried before those, over and above their number. @default none */
  readonly first?: readonly number[];
  /** Milliseconds after which no new seeds are begun. @default none */
  readonly ms?: number;
}

export interface SearchResult {
  /** Seeds that ran. */
  readonly seeds: number;
  /** Effects that were checked. */
  readonly observations: number;
  readonly simulatedMs: number;
  readonly ms: number;
  /** The first seed, by number, that broke an invariant among those that ran. */
  readonly failure: SeedReport | null;
}

/** Runs seeds on so many threads until one breaks an invariant, or all have run. */
export async function searchSeeds(
  search: Search & { readonly threads: number },
  progress?: (seeds: number) => void,
): Promise<SearchResult> {
  await using threads = new AsyncDisposableStack();
  const pool = Array.from({ length: search.threads }, () => threads.use(new SeedThread()));
  return await searchOn(pool, search, progress);
}

/** The same on threads that are there. */
export async function searchOn(
  threads: readonly SeedThread[],
  { root, from, seeds, first = [], ms = Infinity }: Search,
  progress: (seeds: number) => void = () => undefined,
): Promise<SearchResult> {
  const begun = performance.now();
  const total = { seeds: 0, observations: 0, simulatedMs: 0 };
  const order = inOrder(first, from, seeds);
  let failure: SeedReport | null = null;
  const work = async (thread: SeedThread): Promise<void> => {
    while (!failure && performance.now() - begun < ms) {
      const chunk = nextOf(order, CHUNK);
      if (chunk.length === 0) break;
      for (const report of await thread.run({ root, seeds: chunk })) {
        total.seeds += 1;
        total.observations += report.observations;
        total.simulatedMs += report.simulatedMs;
        if (report.violation && (!failure || report.seed < failure.seed)) failure = report;
      }
      progress(total.seeds);
    }
  };
  await Promise.all(threads.map(work));
  return { ...total, ms: performance.now() - begun, failure };
}

function* inOrder(first: readonly number[], from: number, seeds: number): Generator<number> {
  yield* first;
  for (let seed = from; seed < from + seeds; seed += 1) yield seed;
}

/** The next so many values; fewer when there are no more. (`Iterator.take` would end the generator.) */
function nextOf<Value>(values: Generator<Value>, most: number): Value[] {
  const taken: Value[] = [];
  while (taken.length < most) {
    const { done, value } = values.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

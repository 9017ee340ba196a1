import { SeedThread } from './seed-thread.ts';
import type { SeedReport } from './seeds.worker.ts';

/** Seeds that a thread gets at once: about a tenth of a second of work. */
const CHUNK = 25;

export interface Search {
  /** The folder that contains the `core/` to run. */
  readonly root: string;
  readonly from: number;
  /** The most seeds to run. `Infinity` when only time is the limit. */
  readonly seeds: number;
  /** Seeds that run first, in addition to `seeds`. @default none */
  readonly first?: readonly number[];
  /** Milliseconds after which no new seed starts. @default none */
  readonly ms?: number;
}

export interface SearchResult {
  /** Seeds that ran. */
  readonly seeds: number;
  /** Effects that were checked. */
  readonly observations: number;
  readonly simulatedMs: number;
  readonly ms: number;
  /** The lowest seed that broke an invariant, or null. */
  readonly failure: SeedReport | null;
}

/** Runs seeds on `threads` threads until one breaks an invariant or all have run. */
export async function searchSeeds(
  search: Search & { readonly threads: number },
  progress?: (seeds: number) => void,
): Promise<SearchResult> {
  await using threads = new AsyncDisposableStack();
  const pool = Array.from({ length: search.threads }, () => threads.use(new SeedThread()));
  return await searchOn(pool, search, progress);
}

/** Does the same on existing threads. */
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

/** Returns up to `most` next values. (`Iterator.take` would end the generator.) */
function nextOf<Value>(values: Generator<Value>, most: number): Value[] {
  const taken: Value[] = [];
  while (taken.length < most) {
    const { done, value } = values.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

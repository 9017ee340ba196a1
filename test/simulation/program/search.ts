import { Worker } from 'node:worker_threads';
import type { SeedReport, Order } from './seeds.worker.ts';

/** Seeds a thread is given at once: about a tenth of a second of work. */
const CHUNK = 25;
/** A chunk that takes longer has met code that never comes back. */
const STUCK_MS = 60_000;

export interface Search {
  /** The folder that holds the `core/` to run. */
  readonly root: string;
  readonly from: number;
  /** How many seeds at most; `Infinity` when time alone is the limit. */
  readonly seeds: number;
  /** Milliseconds after which no new seeds are begun. @default none */
  readonly ms?: number;
  readonly threads: number;
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

/** Runs seeds on threads of their own until one breaks an invariant, or all have run. */
export async function searchSeeds(
  search: Search,
  progress: (seeds: number) => void = () => undefined,
): Promise<SearchResult> {
  const begun = performance.now();
  const total = { seeds: 0, observations: 0, simulatedMs: 0 };
  let next = search.from;
  let failure: SeedReport | null = null;
  const chunk = (): Order | null => {
    const left = search.from + search.seeds - next;
    if (failure || left <= 0 || performance.now() - begun >= (search.ms ?? Infinity)) return null;
    const order = { from: next, count: Math.min(CHUNK, left) };
    next += order.count;
    return order;
  };
  const thread = async (): Promise<void> => {
    await using seeds = new SeedThread(search.root);
    for (let order = chunk(); order; order = chunk()) {
      for (const report of await seeds.run(order)) {
        total.seeds += 1;
        total.observations += report.observations;
        total.simulatedMs += report.simulatedMs;
        if (report.violation && (!failure || report.seed < failure.seed)) failure = report;
      }
      progress(total.seeds);
    }
  };
  await Promise.all(Array.from({ length: Math.min(search.threads, Math.ceil(search.seeds / CHUNK)) }, thread));
  return { ...total, ms: performance.now() - begun, failure };
}

/** A thread that runs seeds with one core. */
class SeedThread implements AsyncDisposable {
  readonly #worker: Worker;

  constructor(root: string) {
    this.#worker = new Worker(new URL('./seeds.worker.ts', import.meta.url), { workerData: { root } });
  }

  /** The seeds' reports, up to the first violation. Rejects when the thread breaks, such as by a core that can't be loaded. */
  run(order: Order): Promise<readonly SeedReport[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly SeedReport[]>();
    const stuck = setTimeout(() => {
      const what = `the code never came back within ${STUCK_MS / 1_000} s, in one of the seeds from ${order.from} on`;
      resolve([{ seed: order.from, observations: 0, simulatedMs: 0, violation: { check: 'L3', what } }]);
    }, STUCK_MS);
    this.#worker.once('message', resolve).once('error', reject);
    this.#worker.postMessage(order);
    return promise.finally(() => {
      clearTimeout(stuck);
      this.#worker.off('message', resolve).off('error', reject);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

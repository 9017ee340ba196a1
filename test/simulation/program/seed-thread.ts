import { Worker } from 'node:worker_threads';
import type { Order, SeedReport } from './seeds.worker.ts';

/** Seeds that take longer have met code that never comes back. */
const STUCK_MS = 60_000;

/** A thread that runs seeds, each time with the core it is told to. */
export class SeedThread implements AsyncDisposable {
  #worker = start();

  /** The seeds' reports, up to the first violation. Rejects when the thread breaks, such as by a core that can't be loaded. */
  async run(order: Order): Promise<readonly SeedReport[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly SeedReport[]>();
    const worker = this.#worker;
    const stuck = setTimeout(() => {
      const { seeds } = order;
      const what = `the code never came back within ${STUCK_MS / 1_000} s, in one of the seeds ${seeds.join(', ')}`;
      resolve([{ seed: seeds[0] ?? 0, observations: 0, simulatedMs: 0, violation: { check: 'L3', what } }]);
      void worker.terminate();
      this.#worker = start();
    }, STUCK_MS);
    worker.once('message', resolve).once('error', reject);
    worker.postMessage(order);
    try {
      return await promise;
    } finally {
      clearTimeout(stuck);
      worker.off('message', resolve).off('error', reject);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

const start = (): Worker => new Worker(new URL('./seeds.worker.ts', import.meta.url));

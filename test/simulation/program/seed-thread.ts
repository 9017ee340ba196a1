import { Worker } from 'node:worker_threads';
import type { Order, SeedReport } from './seeds.worker.ts';

/** Code that runs longer than this never returns. */
const STUCK_MS = 60_000;

/** A thread that runs seeds, with the core named in each order. */
export class SeedThread implements AsyncDisposable {
  #worker = start();

  /** Returns the seeds' reports, up to the first violation. Rejects if the thread fails, for example to load the core. */
  async run(order: Order): Promise<readonly SeedReport[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly SeedReport[]>();
    const worker = this.#worker;
    const stuck = setTimeout(() => {
      const { seeds } = order;
      const what = `the code did not return within ${STUCK_MS / 1_000} s, in one of the seeds ${seeds.join(', ')}`;
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

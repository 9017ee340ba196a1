import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { loadCore } from '../world/core.ts';
import { runSeed } from '../world/world.ts';

/** Seeds to run: `count` of them from `from` on. */
export interface Order {
  readonly from: number;
  readonly count: number;
}

/** What became of a seed. */
export interface SeedReport {
  readonly seed: number;
  readonly observations: number;
  readonly simulatedMs: number;
  readonly violation: { readonly check: string; readonly what: string } | null;
}

const { root } = z.object({ root: z.string() }).parse(workerData);
const core = await loadCore(root);
// The worlds throw thousands of errors on purpose: nobody reads where.
Error.stackTraceLimit = 0;

parentPort?.on('message', ({ from, count }: Order) => {
  void runSeeds(from, count).then((reports) => parentPort?.postMessage(reports));
});

async function runSeeds(from: number, count: number): Promise<readonly SeedReport[]> {
  const reports: SeedReport[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const { observations, simulatedMs, violation } = await runSeed(core, seed);
    reports.push({ seed, observations, simulatedMs, violation });
    if (violation) break;
  }
  return reports;
}

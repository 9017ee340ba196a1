import { parentPort } from 'node:worker_threads';
import { loadCore, type Core } from '../world/core.ts';
import { runSeed } from '../world/world.ts';

/** Seeds to run with the `core/` in `root`. */
export interface Order {
  readonly root: string;
  readonly seeds: readonly number[];
}

/** The result of one seed. */
export interface SeedReport {
  readonly seed: number;
  readonly observations: number;
  readonly simulatedMs: number;
  readonly violation: { readonly check: string; readonly what: string } | null;
}

// The worlds throw thousands of errors on purpose. Their stacks are never read.
Error.stackTraceLimit = 0;
let loaded: { readonly root: string; readonly core: Core } | null = null;

parentPort?.on('message', (order: Order) => {
  void runSeeds(order).then((reports) => parentPort?.postMessage(reports));
});

async function runSeeds({ root, seeds }: Order): Promise<readonly SeedReport[]> {
  if (loaded?.root !== root) loaded = { root, core: await loadCore(root) };
  const reports: SeedReport[] = [];
  for (const seed of seeds) {
    const { observations, simulatedMs, violation } = await runSeed(loaded.core, seed);
    reports.push({ seed, observations, simulatedMs, violation });
    if (violation) break;
  }
  return reports;
}

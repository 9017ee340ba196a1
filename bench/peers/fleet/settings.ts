import type { Settings } from '#cli/fleet/assembly.ts';
import { shareOut, workersFor } from '#lib/share-out.ts';

/** Tasks that one worker takes at once: the most, which docs/cost.md advises for agents that mostly wait for their model. */
const TASKS_PER_WORKER = 10;

/**
 * Requests per second of the one client that has all tasks. At the usual 100, which protects a fleet from single callers,
 * reading 2,000 results alone takes 20 seconds. The other runners have no such limit.
 */
const API_RATE = 5_000;

/** The settings of a fleet whose assistant does `atOnce` tasks at the same time, with its workers started. */
export function fleetSettings(atOnce: number): Settings {
  const { workers, tasksPerWorker } = shareOut(atOnce, TASKS_PER_WORKER);
  return {
    systems: 'assistant',
    tasksPerWorker,
    workers: JSON.stringify({ assistant: workersFor(workers) }),
    warmWorkers: workers,
    apiRate: API_RATE,
    apiBurst: API_RATE,
  };
}

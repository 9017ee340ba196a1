import type { Settings } from '#cli/fleet/assembly.ts';
import { shareOut } from '#lib/share-out.ts';

/** Tasks that one worker takes at once, as a deployed fleet does by default. */
const TASKS_PER_WORKER = 5;

/**
 * Requests per second of the one client that has all tasks. At the usual 100, which protects a fleet from single callers,
 * reading 2,000 results alone takes 20 seconds. The other runners have no such limit.
 */
const API_RATE = 5_000;

/** A fifth of a pool's workers is for tasks of high priority, which the job has none of. */
const DEFAULT_SHARE = 0.8;

/** The settings of a fleet whose assistant does `atOnce` tasks at the same time, with its workers started. */
export function fleetSettings(atOnce: number): Settings {
  const { workers, tasksPerWorker } = shareOut(atOnce, TASKS_PER_WORKER);
  const all = Math.max(4, Math.round(workers / DEFAULT_SHARE));
  return {
    systems: 'assistant',
    tasksPerWorker,
    workers: JSON.stringify({ assistant: all }),
    warmWorkers: workers,
    apiRate: API_RATE,
    apiBurst: API_RATE,
  };
}

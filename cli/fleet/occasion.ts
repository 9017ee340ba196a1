import { fleetEnvironment } from '../api/environment.ts';
import { ensureLocalKey } from '../keys/local-key.ts';
import type { CliSystem } from '../system.ts';
import { terminalOutput } from '../terminal/output.ts';
import { Interrupted } from '../user-error.ts';
import { modelKey, warnOfRealModel } from './model-key.ts';
import { MAIN_DATA } from './paths.ts';
import { findRunningFleet, register, unregister } from './registry.ts';

/** How long the simulated model takes to answer, while a person waits. */
const LATENCY_MS = 800;
const DRAIN_MS = 10_000;

/**
 * Runs a command that waits for a task. If it names no fleet and none runs on this machine, the fleet of `npm start`
 * is booted for as long as the command takes.
 */
export async function withFleetToWait(
  systems: readonly CliSystem[],
  { wait = false, url }: { readonly wait?: boolean; readonly url?: string },
  act: () => Promise<void>,
): Promise<void> {
  const isNamed = url !== undefined || fleetEnvironment.url !== undefined;
  if (!wait || isNamed || findRunningFleet() !== null) return act();
  // Loaded only here: the local cloud takes a second to load.
  const [{ bootFleet }, { checkMachine }] = await Promise.all([import('./boot.ts'), import('./check-machine.ts')]);
  const notes = terminalOutput(true);
  await checkMachine({ port: 0, apiPort: 0 }, notes);
  notes.line('No fleet is running: starting one for this task. npm start keeps one running.');
  const apiKey = modelKey();
  if (apiKey !== null) warnOfRealModel(notes);
  const fleet = await bootFleet(systems, { dataDir: MAIN_DATA, port: 0, latencyMs: LATENCY_MS, apiKey }, notes);
  const { endpoint, model, outputs, api } = fleet;
  try {
    await ensureLocalKey({ ...api, endpoint });
    register({ pid: process.pid, endpoint, model, startedAt: new Date().toISOString(), outputs, api });
    await act();
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    // The fleet stops with this command, so nothing can be watched.
    throw new Interrupted('Interrupted. The task is stored.', 'npm start continues it.');
  } finally {
    unregister();
    await fleet.close(DRAIN_MS);
  }
}

import { fleetEnvironment } from '../api/environment.ts';
import { findRunningGlobal } from '../global/registry.ts';
import { ensureLocalKey } from '../keys/local-key.ts';
import type { CliSystem } from '../system.ts';
import { terminalOutput } from '../terminal/output.ts';
import { Interrupted } from '../user-error.ts';
import type { Settings } from './assembly.ts';
import { modelKey, warnOfRealModel } from './model-key.ts';
import { MAIN_DATA } from './paths.ts';
import { requireNoRegions } from './one-region.ts';
import { findRunningFleet, register, unregister } from './registry.ts';
import type { SurroundingsOptions } from './surroundings.ts';

/** How long the simulated model takes to answer, while a person waits. */
const LATENCY_MS = 800;
const DRAIN_MS = 10_000;

export interface FleetToWait extends Pick<SurroundingsOptions, 'search'> {
  /** Whether the command waits for an answer. @default false */
  readonly wait?: boolean;
  /** The fleet that the user has named. */
  readonly url?: string;
  /** The one system that the command needs. @default all */
  readonly only?: string;
  /** Whether it uses the task API alone, so that three regions on this machine do as well. @default false */
  readonly takesRegions?: boolean;
  /** Settings of a fleet that is booted, see `BootOptions`. @default none */
  readonly settings?: Settings;
}

/**
 * Runs a command that waits for a task. If it names no fleet and none runs on this machine, the fleet of `npm start`
 * is booted for as long as the command takes: with the one system that it needs where nothing is synthesized yet, since
 * that takes a third of the time.
 */
export async function withFleetToWait(
  systems: readonly CliSystem[],
  { wait = false, url, only, takesRegions = false, settings: wanted, search }: FleetToWait,
  act: () => Promise<void>,
): Promise<void> {
  const isNamed = url !== undefined || fleetEnvironment.url !== undefined;
  if (!wait || isNamed || findRunningFleet() !== null) return act();
  const regions = findRunningGlobal();
  if (regions !== null && takesRegions) return act();
  requireNoRegions(regions);
  // Loaded only here: the local cloud takes a second to load.
  const [{ bootFleet }, { checkMachine }, { isSynthesized }] = await Promise.all([
    import('./boot.ts'),
    import('./check-machine.ts'),
    import('./assembly.ts'),
  ]);
  const notes = terminalOutput(true);
  await checkMachine({ port: 0, apiPort: 0 }, notes);
  notes.line('No fleet is running: starting one for this task. npm start keeps one running.');
  const apiKey = modelKey();
  if (apiKey !== null) warnOfRealModel(notes);
  const settings = { ...settingsFor(only, () => isSynthesized({ ...wanted })), ...wanted };
  const boot = { dataDir: MAIN_DATA, port: 0, latencyMs: LATENCY_MS, apiKey, settings, ...(search && { search }) };
  const fleet = await bootFleet(systems, boot, notes);
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

/** The settings of the fleet: the one system that is needed, unless the assembly of all is there already. */
export const settingsFor = (only: string | undefined, isSynthesized: () => boolean): Settings =>
  only === undefined || isSynthesized() ? {} : { systems: only };

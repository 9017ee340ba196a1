import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseSystems } from '../fleet/choose-systems.ts';
import { watchInterruption } from '../interruption.ts';
import type { CliSystem } from '../system.ts';
import { duration } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { step } from '../terminal/step.ts';
import { Interrupted } from '../user-error.ts';
import { ENVIRONMENT, globalAssembly } from './assembly.ts';
import { GlobalFleet } from './global-fleet.ts';
import { mapReader } from './map/read.ts';
import { GLOBAL_DATA } from './paths.ts';
import { freePorts, usualPorts, type RegionPorts } from './ports.ts';
import { lockStart } from './registry.ts';
import { readTopology } from './topology.ts';

/** What one answer of the simulated model takes. */
const LATENCY_MS = 1_200;
/** Each system more has its workers in three regions. */
const DEFAULT_SYSTEMS = 'assistant';

export interface GlobalUpOptions {
  /** Names, separated by commas. @default the assistant */
  readonly systems?: string | undefined;
  /** Whether free ports are picked in place of 4400, 4410 and 4420. */
  readonly freePorts: boolean;
}

export interface GlobalBoot {
  readonly systems: readonly CliSystem[];
  readonly dataDir: string;
  /** Whether what an earlier start left in the folder is deleted. @default false */
  readonly empty?: boolean;
  readonly ports: (count: number) => Promise<readonly RegionPorts[]>;
  readonly latencyMs: number;
  readonly onEvent: (text: string) => void;
  /** Stops the start. */
  readonly signal: AbortSignal;
  /** The file to which all regions append what they ask of leases. @default it is not recorded */
  readonly leaseHistory?: string;
}

/** Starts the regions. Throws a `UserError` if some run already, or start. */
export async function bootGlobal(boot: GlobalBoot, output: Output): Promise<GlobalFleet> {
  const unlock = lockStart();
  try {
    return await startRegions(boot, output);
  } finally {
    unlock();
  }
}

async function startRegions(boot: GlobalBoot, output: Output): Promise<GlobalFleet> {
  const topology = readTopology(ENVIRONMENT);
  if (boot.empty === true) await rm(boot.dataDir, { recursive: true, force: true });
  const ports = await boot.ports(topology.regions.length);
  const assembly = await unlessStopped(globalAssembly(topology, boot.systems, output), boot.signal);
  return step(output, `Starting ${topology.regions.length} regions`, async (about) => {
    const restart = (name: string, work: (about: (text: string) => void) => Promise<void>): Promise<void> =>
      step(output, `Starting region ${name}`, work);
    const fleet = await GlobalFleet.start({ ...boot, topology, ports, assembly, about, restart });
    about('waiting until each home is held');
    try {
      await waitForHomes(fleet, boot.signal);
      return fleet;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  });
}

/** What does not stop by itself goes on alone: Ctrl-C in a terminal also goes to the process that synthesizes. */
async function unlessStopped<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const stopped = once(signal, 'abort').then((): never => {
    throw signal.reason;
  });
  return Promise.race([work, stopped]);
}

/** A home that somebody else held when the regions stopped is held again after this long at most. */
const HOMES_MS = 60_000;
const LOOK_EVERY_MS = 500;

/** Waits until each home has a holder: before, tasks of that home are not accepted. */
async function waitForHomes(fleet: GlobalFleet, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + HOMES_MS;
  const map = mapReader(() => fleet.running);
  try {
    while (Date.now() < deadline) {
      const { homes } = await map.read();
      if (homes.every(({ holders }) => holders.length > 0)) return;
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  } finally {
    map.close();
  }
}

const stoppedEarly = (): Interrupted =>
  new Interrupted(
    'Stopped before the regions were up.',
    'Nothing is lost; npm run fleet -- global up starts them again.',
  );

/** `fleet global up`: starts the regions, and keeps them running until Ctrl-C. */
export async function globalUp(systems: readonly CliSystem[], options: GlobalUpOptions, output: Output): Promise<void> {
  const stop = watchInterruption(() => output.line('Stopping the regions …'));
  const startedAt = performance.now();
  const boot: GlobalBoot = {
    systems: chooseSystems(systems, options.systems ?? DEFAULT_SYSTEMS),
    dataDir: GLOBAL_DATA,
    ports: options.freePorts ? freePorts : usualPorts,
    latencyMs: LATENCY_MS,
    onEvent: (text) => output.line(text),
    signal: stop.signal,
  };
  const fleet = await bootGlobal(boot, output).catch((error: unknown) => {
    throw stop.signal.aborted ? stoppedEarly() : error;
  });
  try {
    output.line(`The regions are up (${duration(performance.now() - startedAt)}).`);
    for (const { name, region, api, endpoint } of fleet.running.regions)
      output.line(`  ${name}  ${region.padEnd(14)}  ${api?.url ?? ''}   (AWS endpoint ${endpoint})`);
    output.line(`The key of all regions is in ${fleet.keyFile}.`);
    output.line('  npm run fleet -- global map');
    output.line('  npm run fleet -- global kill eu');
    output.line('Ctrl-C stops the regions.');
    await stop.fired;
  } finally {
    await fleet.close();
    output.line('Stopped. All data is kept; npm run fleet -- global up continues.');
  }
}

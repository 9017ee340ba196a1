import { readAssembly } from '@agent-fleet/local-cloud';
import { currentAssembly, type Settings } from '../fleet/assembly.ts';
import type { CliSystem } from '../system.ts';
import type { Output } from '../terminal/output.ts';
import { copyOrders, type CopyOrder } from './object-copies.ts';
import type { Topology } from './topology.ts';

/** The environment that has three regions: `config/global.json`. */
export const ENVIRONMENT = 'global';

/**
 * Three regions share one machine, and each execution environment of a function is a thread with a heap of its own. So no
 * request waits in one for a task to end, and few workers have many tasks each. Two of a pool's workers are for tasks of high
 * priority. The others are as many as a region needs that works for all three.
 */
export const ON_ONE_MACHINE: Settings = {
  waitingReads: 0,
  tasksPerWorker: 10,
  workers: JSON.stringify({ assistant: 4 }),
};

/** The cloud assembly of all regions. */
export interface GlobalAssembly {
  readonly folder: string;
  /** The ids of the stacks that a region runs on this machine. */
  stacksOf(region: string): readonly string[];
  /** What lets the regions' S3 copy objects to each other. */
  readonly copies: readonly CopyOrder[];
}

/**
 * Synthesizes the stacks of all regions, with these systems. Throws a `UserError` with the output of the synthesis if it
 * fails.
 */
export async function globalAssembly(
  { prefix }: Topology,
  systems: readonly CliSystem[],
  output: Output,
): Promise<GlobalAssembly> {
  const local = Object.assign({}, ...systems.map(({ localSettings }) => localSettings)) as Settings;
  const names = systems.map(({ name }) => name).join(',');
  return assemblyIn(
    prefix,
    await currentAssembly({ env: ENVIRONMENT, systems: names, ...local, ...ON_ONE_MACHINE }, output),
  );
}

/** What this machine runs of an assembly. */
export function assemblyIn(prefix: string, folder: string): GlobalAssembly {
  const all = readAssembly(folder).stacks;
  const over = all.find(({ name }) => name === `${prefix}-global`);
  // CloudFront, and the alarms and dashboards, have no part in what is tried here.
  const left = new Set(['global', 'edge', 'observability'].map((system) => `${prefix}-${system}`));
  const stacks = all.filter(({ name }) => !left.has(name));
  return {
    folder,
    stacksOf: (region) => stacks.filter((stack) => stack.region === region).map(({ id }) => id),
    copies: copyOrders(over?.template.Resources ?? {}),
  };
}

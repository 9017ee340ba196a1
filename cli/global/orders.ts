import { setTimeout as delay } from 'node:timers/promises';
import type { Output } from '../terminal/output.ts';
import { UserError } from '../user-error.ts';
import { areStopping, isStartingStill, orderStart } from './control.ts';
import { changePaths, cutPath, healedPath, slowPath } from './network.ts';
import {
  findRunningGlobal,
  findStarter,
  requireRunningGlobal,
  type RunningGlobal,
  type RunningRegion,
} from './registry.ts';
import { findRegion } from './topology.ts';

function regionOf(typed: string): { readonly running: RunningGlobal; readonly region: RunningRegion } {
  const running = requireRunningGlobal();
  if (running.stopping === true) throw areStopping();
  return { running, region: findRegion(running.regions, typed) };
}

/** `fleet global kill R`: ends the region's process as a power failure does. */
export function killCommand(typed: string, output: Output): void {
  const { region } = regionOf(typed);
  const { name } = region;
  const pid = requireUp(region);
  process.kill(pid, 'SIGKILL');
  output.line(`Killed region ${name} (process ${pid}). The others take its tasks over within 45 seconds.`);
  output.line(`  npm run fleet -- global map\n  npm run fleet -- global start ${name}`);
}

/** `fleet global start R`: starts a region that is down, with the data that it had. */
export async function startCommand(typed: string, output: Output): Promise<void> {
  const { running, region } = regionOf(typed);
  output.line(`Starting region ${region.name}, and waiting until it is up …`);
  await orderStart(running, region.name);
  output.line(`Region ${region.name} is up.`);
}

/** `fleet global partition R`: cuts the region off from the others. Callers still reach it. */
export async function partitionCommand(typed: string, output: Output): Promise<void> {
  const { running, region } = regionOf(typed);
  requireUp(region);
  await changePaths(running, region.name, cutPath);
  output.line(`Region ${region.name} is cut off from the others. npm run fleet -- global heal ends that.`);
}

/** `fleet global slow R MS`: sets the round trip between the region and the others. */
export async function slowCommand(typed: string, ms: number, output: Output): Promise<void> {
  const { running, region } = regionOf(typed);
  requireUp(region);
  await changePaths(running, region.name, slowPath(ms));
  output.line(`Round trips from and to region ${region.name} take ${ms} ms. npm run fleet -- global heal ends that.`);
}

/** `fleet global heal`: the ways between all regions are whole again. */
export async function healCommand(output: Output): Promise<void> {
  await changePaths(requireRunningGlobal(), null, healedPath);
  output.line('All regions reach each other.');
}

/** Returns the process id of a region that is up. Throws a `UserError` for any other. */
function requireUp({ name, pid, starting }: RunningRegion): number {
  if (pid !== null) return pid;
  throw starting === true
    ? isStartingStill(name)
    : new UserError(`Region ${name} is down.`, `Start it with npm run fleet -- global start ${name}.`);
}

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 200;

/** `fleet global down`: stops the regions, or their start, like Ctrl-C in their terminal, and waits until they have stopped. */
export async function downCommand(output: Output): Promise<void> {
  const [running, starter] = [findRunningGlobal(), findStarter()];
  const pid = running?.pid ?? starter;
  if (pid === null) return output.line('No regions are running.');
  process.kill(pid, 'SIGTERM');
  output.progress(`Stopping the regions (process ${pid}) …`);
  const deadline = Date.now() + PATIENCE_MS;
  while (findRunningGlobal()?.pid === pid || findStarter() === pid) {
    if (Date.now() > deadline)
      throw new UserError(
        `The regions (process ${pid}) have not stopped after ${PATIENCE_MS / 1_000} seconds.`,
        `End them with kill -9 ${pid}. Accepted tasks are on disk; npm run fleet -- global up continues with them.`,
      );
    await delay(LOOK_EVERY_MS);
  }
  output.progress('');
  output.line('Stopped. All data is kept; npm run fleet -- global up continues.');
}

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { GLOBAL_HOME } from '../global/paths.ts';
import { findRunningGlobal, isStarting } from '../global/registry.ts';
import type { Output } from '../terminal/output.ts';
import { oneLine } from '../terminal/printable.ts';
import { UserError } from '../user-error.ts';
import { isBusy } from './busy.ts';
import { FLEET_HOME, MAIN_DATA, occasionData } from './paths.ts';

const RUNS = join(occasionData('run'), '..');
/** Data of fleets. The synthesized assemblies stay: they depend only on the sources. */
const WRITTEN = [
  MAIN_DATA,
  RUNS,
  join(FLEET_HOME, 'sample'),
  join(FLEET_HOME, 'chaos'),
  join(FLEET_HOME, 'fleet.json'),
  GLOBAL_HOME,
];

/** `fleet reset`: deletes all data of fleets on this machine, after the user has confirmed. */
export async function resetCommand(yes: boolean, output: Output): Promise<void> {
  requireStopped();
  const there = WRITTEN.filter((path) => existsSync(path));
  if (there.length === 0) return output.line('Nothing to delete.');
  output.line('This deletes all tasks, runs, uploads, messages, mails, logs and secrets of the local fleet:');
  for (const path of there) output.line(`  ${oneLine(relative(process.cwd(), path) || path)}`);
  if (!yes && !(await confirmed())) return output.line('Nothing was deleted.');
  // A fleet may have been started while the user was asked.
  requireStopped();
  for (const path of there) rmSync(path, { recursive: true, force: true });
  output.line('Deleted. npm start begins with an empty fleet.');
}

function requireStopped(): void {
  if (isBusy(MAIN_DATA)) throw new UserError('The fleet is running.', 'Stop it first: npm run fleet -- down.');
  if (findRunningGlobal() !== null)
    throw new UserError('Three regions are running.', 'Stop them first: npm run fleet -- global down.');
  if (isStarting())
    throw new UserError(
      'Three regions are starting.',
      'Wait until they are up, then stop them: npm run fleet -- global down.',
    );
  const busy = (existsSync(RUNS) ? readdirSync(RUNS) : []).find((id) => isBusy(occasionData(id)));
  if (busy !== undefined)
    throw new UserError(
      `The fleet of the run "${busy}" is running.`,
      'Wait until it ends, or press Ctrl-C in its terminal.',
    );
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError(
      'This is not a terminal, so nobody can confirm. Nothing was deleted.',
      'Confirm with npm run fleet -- reset --yes.',
    );
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await prompt.question('Delete them? [y/N] ')).trim());
  } finally {
    prompt.close();
  }
}

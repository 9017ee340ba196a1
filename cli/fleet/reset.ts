import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { isTaken } from '@agent-fleet/local-cloud/data-folder';
import type { Output } from '../terminal/output.ts';
import { UserError } from '../user-error.ts';
import { FLEET_HOME, MAIN_DATA, occasionData } from './paths.ts';

const RUNS = join(occasionData('run'), '..');
/** What fleets wrote. The synthesized assemblies stay: they are made from the sources alone. */
const WRITTEN = [
  MAIN_DATA,
  RUNS,
  join(FLEET_HOME, 'sample'),
  join(FLEET_HOME, 'chaos'),
  join(FLEET_HOME, 'fleet.json'),
];

/** `fleet reset`: removes all that fleets on this machine keep, once the user has said yes. */
export async function resetCommand(yes: boolean, output: Output): Promise<void> {
  refuseWhileRunning();
  const there = WRITTEN.filter((path) => existsSync(path));
  if (there.length === 0) return output.line('There is nothing to remove.');
  output.line('This removes every task, run, upload, queued message, mail, log and secret of the local fleet:');
  for (const path of there) output.line(`  ${relative(process.cwd(), path) || path}`);
  if (!yes && !(await confirmed())) return output.line('Nothing was removed.');
  // Between the question and the answer a fleet may have been started.
  refuseWhileRunning();
  for (const path of there) rmSync(path, { recursive: true, force: true });
  output.line('Removed. npm start begins anew.');
}

function refuseWhileRunning(): void {
  if (isTaken(join(MAIN_DATA, 'cloud')))
    throw new UserError('The fleet is running.', 'Stop it first: npm run fleet -- down.');
  const busy = (existsSync(RUNS) ? readdirSync(RUNS) : []).find((id) => isTaken(join(occasionData(id), 'cloud')));
  if (busy !== undefined)
    throw new UserError(
      `The fleet of the run "${busy}" is running.`,
      'Wait for its end, or press Ctrl-C where it runs.',
    );
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError(
      'Nobody is there to confirm it; nothing was removed.',
      'Confirm by npm run fleet -- reset --yes.',
    );
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await prompt.question('Remove them? [y/N] ')).trim());
  } finally {
    prompt.close();
  }
}

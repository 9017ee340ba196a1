import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fingerprintOf } from '../fleet/fingerprint.ts';
import { keepFolder } from '../fleet/keep-folder.ts';
import { CONSOLE, ensureFolder, PROJECT } from '../fleet/paths.ts';
import type { Output } from '../terminal/output.ts';
import { step } from '../terminal/step.ts';
import { UserError } from '../user-error.ts';

/** What the console is built from. */
const SOURCES = [
  'console/build.ts',
  'console/tsconfig.json',
  'console/src',
  'client',
  'core',
  'docs/runbook.md',
  'package-lock.json',
];

/** Returns the folder of the built console. Builds it if a source changed. Throws `UserError` if it cannot be built. */
export async function currentConsole(output: Output): Promise<string> {
  const name = fingerprintOf(SOURCES).slice(0, 16);
  const kept = join(ensureFolder(CONSOLE), name);
  if (existsSync(kept)) return kept;
  // Two fleets may start at once: each builds into its own folder, and both use the one that is ready first.
  const apart = `${kept}.${process.pid}`;
  try {
    await step(output, 'Building the console', () => build(apart));
    keepFolder(apart, kept, () => existsSync(kept));
  } finally {
    rmSync(apart, { force: true, recursive: true });
  }
  removeOthers(name);
  return kept;
}

async function build(folder: string): Promise<void> {
  const child = spawn(process.execPath, [join(PROJECT, 'console/build.ts'), folder], {
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [said, code] = await Promise.all([text(child.stderr), ended]);
  if (code === 0) return;
  throw new UserError(
    `The console could not be built:\n${said.trim()}`,
    'Fix the error, or run npm ci, and try again.',
  );
}

/** Earlier builds. A running fleet has read its own. */
function removeOthers(name: string): void {
  for (const each of readdirSync(CONSOLE))
    if (/^[0-9a-f]{16}$/.test(each) && each !== name) rmSync(join(CONSOLE, each), { force: true, recursive: true });
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The browser, if this machine has one: `apt-get install chromium`, or the program that CHROMIUM names. Throws in CI if
 * there is none: tests of pages that are skipped there would be missed by nobody.
 */
export function findChromium(env: NodeJS.ProcessEnv, exists: (path: string) => boolean): string | undefined {
  const found = [env['CHROMIUM'] ?? '', ...PLACES].find((path) => path !== '' && exists(path));
  if (found === undefined && env['CI'] !== undefined)
    throw new Error('Tests of pages need Chromium in CI. Run apt-get install chromium, or name it in CHROMIUM.');
  return found;
}

/** The browser. Undefined: the tests that need it are skipped, and their names say so. */
export const CHROMIUM = findChromium(process.env, existsSync);

/** Runs the browser without a window and with a profile of its own. Returns what it prints. */
export async function chromium(...args: readonly string[]): Promise<string> {
  if (CHROMIUM === undefined) throw new Error('Chromium is not installed. Run apt-get install chromium.');
  const profile = await mkdtemp(join(tmpdir(), 'fleet-chromium-'));
  try {
    const common = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`];
    const { stdout } = await run(CHROMIUM, [...common, ...args], { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 });
    return stdout;
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The browser, if this machine has one: `apt-get install chromium`, or the program that CHROMIUM names. */
export const CHROMIUM = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== '' && existsSync(path));

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

import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FleetProgram } from '../cli/support/fleet-program.ts';
import { sampleContracts } from '../support/sample-contracts.ts';
import { show, startBrowser, visit } from './support/browser.ts';

/**
 * `npm run screenshots`: runs documents and tasks on a fleet of this machine, and writes pictures of the console for
 * docs/console.md. The documents system must be there.
 */

const FOLDER = resolve('docs/console');
const SIZE = { width: 1_200, height: 760 };

const home = await mkdtemp(join(tmpdir(), 'fleet-screenshots-'));
const fleet = new FleetProgram(home);
const up = await fleet.up();
try {
  const contracts = join(home, 'contracts');
  await sampleContracts(contracts, { count: 60, broken: 6, seed: 7 });
  const { runId } = await fleet.json<{ runId: string }>('documents', contracts, '--yes');
  await fleet.json('submit', 'assistant', 'What is 6 times 7?', '--wait');
  const { tasks } = await fleet.json<{ tasks: readonly { id: string; status: string }[] }>('tasks', '--run', runId);
  const task = tasks.find(({ status }) => status === 'succeeded')?.id ?? '';
  await picture({ overview: '/', run: `/runs/${runId}`, task: `/tasks/${task}`, alarms: '/alarms' });
} finally {
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
  rmSync(home, { recursive: true, force: true });
}

/** Writes a picture of each view. */
async function picture(views: Readonly<Record<string, string>>): Promise<void> {
  const browser = await startBrowser();
  const { url } = await fleet.json<{ url: string }>('console');
  const { page } = await visit(browser, url, { viewport: SIZE, reducedMotion: 'reduce' });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, path] of Object.entries(views)) {
    await show(page, path);
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
    console.log(`docs/console/${name}.png`);
  }
  await browser.close();
}

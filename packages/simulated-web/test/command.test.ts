import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';

const PROGRAM = join(import.meta.dirname, '../bin/simulated-web.ts');

it('starts from the command line, and ends on a signal', async () => {
  const child = spawn(process.execPath, [PROGRAM, '--companies', '50', '--seed', '7']);
  onTestFinished(() => void child.kill('SIGKILL'));
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    url = /^simulated web +(\S+)$/.exec(line)?.[1] ?? url;
    if (line.startsWith('companies')) break;
  }
  const { companies } = (await (await fetch(`${url}/simulated/companies`)).json()) as { companies: unknown[] };
  expect(companies).toHaveLength(50);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it.each([
  [['--companies', '501'], /^--companies: /],
  [['--seed', 'x'], /^--seed: /],
  [['--first-night', 'tomorrow'], /^--first-night: /],
  [['--dead', '2'], /^--dead: /],
  [['--typo'], /Unknown option '--typo'/],
])('explains wrong usage: %j', (options, message) => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...options], { encoding: 'utf8' });
  expect(stderr).toMatch(message);
  expect(stderr).toContain('--companies COUNT');
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(2);
});

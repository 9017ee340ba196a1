import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { withPullRequest } from './support.ts';

const PROGRAM = join(import.meta.dirname, '../bin/simulated-github.ts');

it('starts from the command line with a copy of a repository, and ends on a signal', async () => {
  const { repository } = await withPullRequest();
  const folder = await mkdtemp(join(tmpdir(), 'simulated-github-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [PROGRAM, '--folder', folder, '--repository', repository.path]);
  const said: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [name = '', value = ''] = line.split(/ {2,}| (?=http|github_pat|octo-org)/);
    said[name] = value;
    if (name === 'repository') break;
  }
  expect(said['repository']).toMatch(/^octo-org\/shop, in /);
  const headers = { authorization: `Bearer ${said['token']}` };
  const readme = await fetch(`${said['pages, API']}/repos/octo-org/shop/contents/src/cart.ts`, { headers });
  expect(readme.status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it.each([
  [['--folder', '/tmp/x', '--port', 'http'], /^--port: /],
  [['--folder', '/tmp/x', '--webhook', 'nowhere', '--secret', 's'], /^--webhook\.url: /],
  [['--typo'], /Unknown option '--typo'/],
])('explains wrong usage: %j', (options, message) => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...options], { encoding: 'utf8' });
  expect(stderr).toMatch(message);
  expect(stderr).toContain('--folder FOLDER');
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(2);
});

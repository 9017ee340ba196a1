import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { appJwt } from '../src/index.ts';
import { KEY, receive, withPullRequest } from './support.ts';

const PROGRAM = join(import.meta.dirname, '../bin/simulated-github.ts');

/** Starts the program. Returns what it said, by name, up to the line `last`. */
async function start(options: readonly string[], last: string) {
  const folder = await mkdtemp(join(tmpdir(), 'simulated-github-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [PROGRAM, '--folder', folder, ...options]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [name = '', value = ''] = line.split(/ {2,}| (?=http|github_pat|octo-org)/);
    said[name] = value;
    if (name === last) break;
  }
  return { child, folder, said };
}

it('starts from the command line with a copy of a repository, and ends on a signal', async () => {
  const { repository } = await withPullRequest();
  const { child, said } = await start(['--repository', repository.path], 'repository');
  expect(said['repository']).toMatch(/^octo-org\/shop, in /);
  const headers = { authorization: `Bearer ${said['token']}` };
  const readme = await fetch(`${said['pages, API']}/repos/octo-org/shop/contents/src/cart.ts`, { headers });
  expect(readme.status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('sends signed webhooks and knows the app whose key it is given', async () => {
  const { repository } = await withPullRequest();
  const { url, received } = await receive();
  const key = join(await mkdtemp(join(tmpdir(), 'simulated-github-')), 'app.pem');
  onTestFinished(async () => rm(dirname(key), { recursive: true, force: true }));
  await writeFile(key, KEY.privateKey, { mode: 0o600 });
  const app = ['--app-key', key, '--app-id', '77'];
  const hook = ['--webhook', url, '--secret', 'a secret'];
  const { said } = await start([...app, ...hook, '--repository', repository.path], 'repository');
  const authorization = `Bearer ${appJwt({ id: 77, privateKey: KEY.privateKey }, Date.now())}`;
  const installations = await fetch(`${said['pages, API']}/app/installations`, { headers: { authorization } });
  expect(await installations.json()).toMatchObject([{ app_id: 77, account: { login: 'octo-org' } }]);
  await expect.poll(() => received.length).toBe(1);
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  expect(headers).toMatchObject({
    'x-github-event': 'ping',
    'x-hub-signature-256': `sha256=${createHmac('sha256', 'a secret').update(body).digest('hex')}`,
  });
});

it.each([
  [['--folder', '/tmp/x', '--port', 'http'], /^--port: /],
  [['--folder', '/tmp/x', '--webhook', 'nowhere', '--secret', 's'], /^--webhook: /],
  [['--folder', '/tmp/x', '--webhook', 'http://127.0.0.1:9/hook'], /^--secret: /],
  [['--folder', '/tmp/x', '--app-key', '/nowhere.pem'], /^--app-key: ENOENT: .*nowhere\.pem/],
  [['--folder', '/tmp/x', '--app-key', PROGRAM], /^--app-key: .* has no RSA private key in PEM/],
  [['--folder', '/tmp/x', '--app-id', 'seven'], /^--app-id: /],
  [['--typo'], /Unknown option '--typo'/],
])('explains wrong usage: %j', (options, message) => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...options], { encoding: 'utf8' });
  expect(stderr).toMatch(message);
  expect(stderr).toContain('--folder FOLDER');
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(2);
});

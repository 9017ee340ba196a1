import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder } from '@agent-fleet/local-cloud/data-folder';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systems } from '#bin/systems.ts';

let home: string;
let up: ChildProcess;
let said = '';

function start(...args: string[]): ChildProcess {
  const env = { ...process.env, FLEET_HOME: home, ANTHROPIC_API_KEY: '' };
  return spawn(process.execPath, ['bin/fleet.ts', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function fleet(...args: string[]): Promise<{ code: unknown; said: string }> {
  const child = start(...args);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as unknown[];
  expect(text).not.toMatch(/^\s+at /m);
  return { code, said: text };
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-home-'));
  up = start('up', '--no-sample', '--port', '0', '--api-port', '0');
  await new Promise<void>((resolve, reject) => {
    up.once('exit', () => reject(new Error(said)));
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('The fleet is up')) resolve();
    };
    up.stdout?.on('data', hear);
    up.stderr?.on('data', hear);
  });
}, 120_000);

afterAll(async () => {
  if (up.exitCode === null) up.kill('SIGKILL');
  for (const folder of [home, `${home}-global`]) await rm(folder, { recursive: true, force: true });
});

test('a start says at once that it starts', () => {
  expect(said).toMatch(/^Starting the fleet …\n/);
});

test('a second start is refused with the remedy, and leaves the first alone', async () => {
  const second = await fleet('up', '--port', '0', '--api-port', '0');
  expect(second.code).toBe(1);
  expect(second.said).toContain('A fleet is already running at http://127.0.0.1:');
  expect(second.said).toContain('npm run fleet -- down');
});

test('reset is refused while the fleet runs', async () => {
  const reset = await fleet('reset', '--yes');
  expect(reset.code).toBe(1);
  expect(reset.said).toContain('Stop it first: npm run fleet -- down.');
  expect(existsSync(join(home, 'main', 'cloud', 'sqs', 'sqs.sqlite'))).toBe(true);
});

test('down drains and stops it from another terminal; once stopped there is nothing to do', async () => {
  const ended = once(up, 'exit');
  const down = await fleet('down');
  expect(down).toMatchObject({ code: 0, said: expect.stringContaining('Stopped.') as string });
  expect(await ended).toEqual([0, null]);
  expect(said).toContain('Draining');
  expect(await fleet('down')).toEqual({ code: 0, said: 'No fleet is running.\n' });
});

test('what functions may do and did is recorded once it is down', async () => {
  expect(await fleet('permissions')).toMatchObject({ code: 0, said: expect.stringContaining('grants,') as string });
  const { code, said: json } = await fleet('permissions', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(json)).toHaveProperty('permissions');
});

test('down ends no other program that got the process id of a fleet that was killed', async () => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const outputs = { documents: { UploadBucket: 'b', StateTable: 't', StateMachineArn: 'a' } };
  const api = { url: 'http://127.0.0.1:1', table: 't', usagePlan: 'u', callbackSecret: 's' };
  const stale = { pid: bystander.pid, endpoint: 'http://127.0.0.1:1', model: 'm', outputs, api };
  writeFileSync(join(home, 'fleet.json'), JSON.stringify({ ...stale, startedAt: new Date().toISOString() }));
  expect((await fleet('down')).said).toBe('No fleet is running.\n');
  expect(bystander.exitCode).toBeNull();
  bystander.kill();
});

test.each(['--port', '--api-port'])('a port in use is named with the remedy: %s', async (option) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const others = option === '--port' ? ['--api-port', '0'] : ['--port', '0'];
  const result = await fleet('up', ...others, option, String(port));
  expect(result.code).toBe(1);
  expect(result.said).toContain(`Port ${port} is in use.`);
  expect(result.said).toContain(`npm start -- ${option} 0`);
  server.close();
});

test('both ports in use are one message, which keeps the other options', async () => {
  const servers = [createServer(), createServer()].map((server) => server.listen(0, '127.0.0.1'));
  await Promise.all(servers.filter(({ listening }) => !listening).map((server) => once(server, 'listening')));
  const [port, apiPort] = servers.map((server) => String((server.address() as AddressInfo).port));
  const typed = ['--port', port ?? '', '--api-port', apiPort ?? '', '--systems', 'assistant', '--no-sample'];
  const { code, said: text } = await fleet('up', ...typed);
  expect(code).toBe(1);
  expect(text).toContain(`Port ${port} is in use. Port ${apiPort} is in use.`);
  // All systems are chosen where there is but one.
  const chosen = systems.length > 1 ? ' --systems assistant' : '';
  expect(text).toContain(`npm start -- --port 0 --api-port 0${chosen} --no-sample\n`);
  for (const server of servers) server.close();
});

test('a second start while the first one still prepares is refused at once', async () => {
  const unlock = lockDataFolder(join(home, 'main', 'start'));
  for (const args of [
    ['up', '--port', '0', '--api-port', '0'],
    ['submit', 'assistant', 'hi', '--wait'],
  ]) {
    const { code, said: text } = await fleet(...args);
    expect(code).toBe(1);
    expect(text).toContain('Another fleet is starting or stopping');
    expect(text).toContain('Wait until its terminal says that it is up');
  }
  expect((await fleet('reset', '--yes')).code).toBe(1);
  unlock();
});

test('three regions do not start a second time while the first start still prepares', async () => {
  const unlock = lockDataFolder(join(`${home}-global`, 'start'));
  for (const args of [
    ['global', 'up', '--free-ports'],
    ['global', 'demo'],
  ]) {
    const { code, said: text } = await fleet(...args);
    expect(code).toBe(1);
    expect(text).toContain('Regions are starting on this machine.');
    expect(text).toContain('Wait until their terminal says that they are up');
  }
  expect((await fleet('reset', '--yes')).said).toContain('Three regions are starting.');
  unlock();
});

test('a home that is a file is named with the remedy', async () => {
  const file = join(home, 'a-file');
  writeFileSync(file, '');
  const child = spawn(process.execPath, ['bin/fleet.ts', 'up', '--port', '0', '--api-port', '0'], {
    env: { ...process.env, FLEET_HOME: file, ANTHROPIC_API_KEY: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(text).toContain(`${file} cannot be used: it, or a folder above it, is a file (EEXIST).`);
  expect(text).toContain('FLEET_HOME');
});

test('a start that is stopped while it boots ends at once', async () => {
  // Booting begins with the folder of its data.
  await rm(join(home, 'main'), { recursive: true });
  const folder = watch(home);
  const booting = start('up', '--no-sample', '--port', '0', '--api-port', '0');
  let text = '';
  booting.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(folder, 'change');
  folder.close();
  booting.kill('SIGTERM');
  const [code] = (await once(booting, 'close')) as unknown[];
  expect({ code, text }).toEqual({
    code: 1,
    text: '\nStopped before the fleet was up.\nNothing is lost; npm start starts it again.\n',
  });
});

test('a start that fails when the fleet is up ends by itself', async () => {
  const key = join(home, 'main', 'api-key');
  await rm(key, { force: true });
  await mkdir(key, { recursive: true });
  const { code, said: text } = await fleet('up', '--no-sample', '--port', '0', '--api-port', '0');
  expect(code).toBe(1);
  expect(text).toContain('api-key');
  await rm(key, { recursive: true });
});

test('a damaged database is named with the remedy, and nothing is touched', async () => {
  const file = join(home, 'main', 'cloud', 'sqs', 'sqs.sqlite');
  writeFileSync(file, 'no database at all '.repeat(1_000));
  const result = await fleet('up', '--no-sample', '--port', '0', '--api-port', '0');
  expect(result.code).toBe(1);
  expect(result.said).toContain(`${file} is damaged`);
  expect(result.said).toContain('npm run fleet -- reset');
});

test('reset asks first, and removes everything once it has a yes', async () => {
  const unasked = await fleet('reset');
  expect(unasked.code).toBe(1);
  expect(unasked.said).toContain('reset --yes');
  expect(existsSync(join(home, 'main'))).toBe(true);
  expect((await fleet('reset', '--yes')).code).toBe(0);
  expect(existsSync(join(home, 'main'))).toBe(false);
  expect((await fleet('reset', '--yes')).said).toBe('Nothing to delete.\n');
});

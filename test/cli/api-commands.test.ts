import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systems } from '#bin/systems.ts';
import { program } from '#cli/program.ts';
import { FleetProgram, type Ran } from './support/fleet-program.ts';
import { readLocalApi } from './support/local-api.ts';

/** What goes wrong at the command line of the task API, and what its keys are worth: on one fleet. */
let home: string;
let fleet: FleetProgram;
let up: ChildProcess;
let api: string;
let key: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-api-commands-'));
  fleet = new FleetProgram(home);
  up = await fleet.up();
  ({ api, key } = readLocalApi(home));
}, 180_000);

afterAll(async () => {
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
  await rm(home, { recursive: true, force: true });
});

test('the local key is readable only for its user, and no command prints it', async () => {
  expect(statSync(join(home, 'main', 'api-key')).mode & 0o777).toBe(0o600);
  for (const args of [
    ['keys', 'list', '--json'],
    ['agents', '--json'],
    ['tasks', '--json'],
  ]) {
    const { stdout, stderr } = await fleet.run(args);
    expect(stdout + stderr).not.toContain(key);
  }
});

const optional = new Set(systems.flatMap((system) => system.optional?.agents ?? []));
const agents = (await Promise.all(systems.map((system) => system.agents())))
  .flat()
  .flatMap(({ name }) => (optional.has(name) ? [] : [name]));
const WRONG = [
  [['submit', 'nobody', 'hi'], 2, `Use one of: ${agents.join(', ')}`],
  [['submit', 'assistant'], 2, 'Give either an instruction or --input'],
  [['submit', 'assistant', 'hi', '--priority', 'urgent'], 2, '--priority must be high, default or economy.'],
  [['submit', 'assistant', 'hi', '--budget-usd', '0'], 2, '--budget-usd must be more than 0'],
  [['submit', 'assistant', 'hi', '--budget-usd', '100'], 1, 'budget.usd must be at most'],
  [['submit', 'assistant', 'hi', '--deadline', 'soon'], 2, '--deadline must be a time from now'],
  [['submit', 'assistant', 'hi', '--metadata', 'order'], 2, 'must be name=value'],
  [['submit', 'assistant', '--input', 'missing.json'], 2, 'missing.json cannot be read (ENOENT)'],
  [['submit', 'assistant', '--input', '{"instruction":'], 2, 'The input is not valid JSON'],
  [
    ['submit', 'assistant', '--input', '{"question":"?"}'],
    1,
    'does not match the input schema of the agent "assistant"',
  ],
  [['submit', 'assistant', 'hi', '--callback', 'http://169.254.169.254/'], 1, 'callback.url'],
  [['task', 'nope'], 1, 'The task "nope" was not found'],
  [['watch', 'nope'], 1, 'The task "nope" was not found'],
  [['cancel'], 2, 'Give task ids or --run'],
  [['runs', 'nope'], 1, 'The run "nope" was not found'],
  [['tasks', '--status', 'lost'], 2, '--status must be queued,'],
  [['tasks', '--limit', '0'], 2, '--limit must be at least 1.'],
  [['usage', '--from', 'yesterday'], 2, '--from must be'],
  [['escalations', 'claim', 'nope'], 1, 'nope'],
  [['alarms', 'nope'], 1, 'No alarm has "nope" in its name.'],
  [['alarms', '--task', 'nope'], 1, 'The task "nope" was not found'],
  [['alarms', 'some', '--task', 'nope'], 2, 'Leave out the name of an alarm and --all'],
  [['pause', 'nope', '--reason', 'x'], 2, 'npm run fleet -- agents lists the agents'],
  [['cancel', '--run', 'nope'], 1, 'npm run fleet -- runs lists runs'],
  [['redrive', 'assistant'], 2, 'Give ids or --all'],
  [['keys', 'create', '--name', 'x', '--scopes', 'all'], 2, '--scopes must be'],
  [['keys', 'create', '--name', 'x', '--scopes', 'fleet'], 2, '--scopes must name another scope'],
  [['keys', 'create', '--name', 'x', '--tenant', 'Not A Tenant'], 2, '--tenant must be lower case letters'],
  [['keys', 'revoke', 'key-nope'], 1, 'Key "key-nope" not found'],
  [['keys', 'list', '--table', 't'], 2, 'both --table and --usage-plan'],
  [['limits', 'default', '--concurrent', '0'], 2, '--concurrent must be at least 1, or none'],
  [['load', '--agent', 'assistant', '--rate', '1000', '--duration', '1d'], 2, 'the maximum is 100000'],
  [['load', '--agent', 'assistant', '--rate', '1', '--duration', 'long'], 2, '--duration must be a duration'],
  [['completion', 'tcsh'], 2, 'Allowed choices are bash, zsh, fish'],
  [['tasks', '--url', 'http://example.com'], 2, 'is not https'],
  [['tasks', '--key', 'wrong'], 2, 'npm run fleet -- keys create'],
  [['tasks', '--url', 'nowhere'], 2, 'is not the URL of a fleet'],
  [['tasks', '--url', 'https://example.com/v1'], 1, 'There is no key for https://example.com/v1'],
] as const;

/** Every command that takes an agent, with one that the fleet does not have. */
const UNKNOWN_AGENT: Readonly<Record<string, readonly string[]>> = {
  submit: ['submit', 'nope', 'hi'],
  tasks: ['tasks', '--agent', 'nope'],
  retry: ['retry', '--agent', 'nope', '--from', '2h'],
  cancel: ['cancel', '--agent', 'nope'],
  pause: ['pause', 'nope', '--reason', 'x'],
  resume: ['resume', 'nope'],
  'dead-letters': ['dead-letters', 'nope'],
  redrive: ['redrive', 'nope', '--all'],
  usage: ['usage', '--agent', 'nope'],
  logs: ['logs', '--agent', 'nope'],
  load: ['load', '--agent', 'nope', '--rate', '1', '--duration', '1s'],
};

test('the alarms of the template are evaluated, and each leads to its section of the runbook', async () => {
  const list = await fleet.run(['alarms', '--json']);
  const { alarms } = JSON.parse(list.stdout) as { alarms: { name: string; state: string; runbook?: string }[] };
  expect(alarms.length).toBeGreaterThan(5);
  expect(alarms.filter(({ runbook }) => runbook === undefined)).toEqual([]);
  const { name = '' } = alarms.find(({ name: each }) => each.includes('QueueAge')) ?? {};
  const [all, one] = await fleet.runMany([
    ['alarms', '--all'],
    ['alarms', name],
  ]);
  expect(all?.stdout).toContain(name);
  expect(one).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/ApproximateAgeOfOldestMessage[^]*## Queue age/) as string,
  });
});

test('an unknown agent is wrong usage in every command that takes one', async () => {
  const taking = program(systems).commands.filter(
    ({ registeredArguments, options }) =>
      registeredArguments.some((argument) => argument.name() === 'agent') ||
      options.some(({ long }) => long === '--agent'),
  );
  expect(taking.map((command) => command.name()).toSorted()).toEqual(Object.keys(UNKNOWN_AGENT).toSorted());
  const answers = await fleet.runMany(Object.values(UNKNOWN_AGENT));
  for (const [index, name] of Object.keys(UNKNOWN_AGENT).entries())
    expect({ name, ...answers[index] }).toMatchObject({
      name,
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/nope[^]*(agents lists the agents|Its agents are|Use one of:)/) as string,
    });
});

test('a wrong option points to the help of its own command', async () => {
  const answers = await fleet.runMany([['retry', '--bogus'], ['keys', 'list', '--bogus'], ['bogus']]);
  const helps = ['retry --help', 'keys list --help', '--help'];
  for (const [index, help] of helps.entries())
    expect(answers[index]).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`(see npm run fleet -- ${help})`) as string,
    });
});

test('what 0.2 calls --since is --from', async () => {
  const said = { code: 0, stdout: expect.stringContaining('No failed tasks') as string };
  expect(await fleet.run(['retry', '--agent', 'assistant', '--since', '1s'])).toMatchObject(said);
  expect(await fleet.run(['retry', '--agent', 'assistant', '--from', '1s'])).toMatchObject(said);
  expect((await fleet.run(['retry', '--help'])).stdout).not.toContain('--since');
});

describe('wrong usage and errors', () => {
  let answers: readonly Ran[];
  beforeAll(async () => {
    answers = await fleet.runMany(WRONG.map(([args]) => args));
  });

  test.each(WRONG)('fleet %j exits with %i and prints the problem and a remedy', (args, code, says) => {
    const ran = answers[WRONG.findIndex(([each]) => each === args)];
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) as string });
    expect(ran?.stderr).not.toMatch(/^\s+at /m);
    // The problem, and at least a line with the remedy.
    expect(ran?.stderr.trim().split('\n').length).toBeGreaterThan(1);
  });
});

test('text of a task sends no escape sequence to the terminal', async () => {
  const evil = 'x\u001B]0;pwned\u0007y\u001B[2Jz';
  const { id } = await fleet.json<{ id: string }>('submit', 'assistant', evil, '--metadata', `order=${evil}`);
  for (const args of [['task', id, '--steps'], ['tasks'], ['watch', id], ['task', id, '--json']]) {
    const { stdout, stderr } = await fleet.run(args);
    // oxlint-disable-next-line no-control-regex
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/);
  }
});

test('a limit that is not given stays as it is', async () => {
  const limits = (...args: string[]) => fleet.json('limits', 'kept', ...args);
  await limits('--concurrent', '5', '--day-tokens', '1000');
  expect(await limits('--day-usd', '20')).toEqual({ tenant: 'kept', dayUsd: 20, dayTokens: 1_000, concurrent: 5 });
  expect(await limits('--day-tokens', 'none')).toEqual({ tenant: 'kept', dayUsd: 20, concurrent: 5 });
  expect(await limits('--none')).toEqual({ tenant: 'kept' });
});

test('limits and keys of another fleet that FLEET_URL names are not those of the fleet on this machine', async () => {
  const elsewhere = { FLEET_URL: 'https://fleet.example/v1' };
  for (const words of ['limits elsewhere --day-usd 1', 'keys create --name elsewhere', 'schedules list']) {
    const { code, stderr } = await fleet.run(words.split(' '), elsewhere);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('unset FLEET_URL') as string });
  }
  expect(await fleet.json('limits', 'elsewhere')).toEqual({ tenant: 'elsewhere' });
  expect((await fleet.run(['limits', 'elsewhere'], { FLEET_URL: `${api}/` })).code).toBe(0);
});

test('a load test of a fleet that is not on this machine needs --yes', async () => {
  const args = ['load', '--agent', 'assistant', '--rate', '1', '--duration', '1s', '--url', 'https://fleet.example/v1'];
  const { code, stderr } = await fleet.run(args, { FLEET_KEY: 'flk_0123456789abcdefghij' });
  expect(code).toBe(2);
  expect(stderr).toContain('Confirm with --yes.');
});

test('I8: a key opens its own tenant, scopes and agents, and nothing once it is revoked', async () => {
  const made = await fleet.json<{ id: string; key: string; callbackSecret: string }>(
    'keys',
    'create',
    '--name=shop',
    '--tenant=acme',
    '--scopes=submit,read',
    '--agents=assistant',
  );
  expect(made.key).toMatch(/^flk_[\w-]{43}$/);
  expect(made.callbackSecret).toMatch(/^whsec_/);
  const own = { FLEET_KEY: made.key };
  const mine = await fleet.json<{ id: string }>('submit', 'assistant', 'Hello.');
  expect((await fleet.run(['task', mine.id], own)).stderr).toMatch(/The task .* was not found/);
  expect((await fleet.run(['submit', 'assistant', 'Hello.'], own)).code).toBe(0);
  expect((await fleet.run(['submit', 'support-agent', 'Hello.'], own)).stderr).toContain('may not use the agent');
  expect((await fleet.run(['escalations', 'claim', mine.id], own)).stderr).toContain(
    'does not have the scope "operate"',
  );
  const revoked = await fleet.run(['keys', 'revoke', made.id]);
  expect(revoked).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("keys create --name shop --tenant acme --scopes 'submit,read' --agents assistant"),
  });
  // At once: API Gateway refuses it, whatever the authorizer's cache still holds.
  const refused = await fleet.run(['tasks'], own);
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/revoked[^]*keys create/) });
  const { keys } = await fleet.json<{ keys: { id: string; revokedAt?: string }[] }>('keys', 'list');
  expect(keys.find(({ id }) => id === made.id)?.revokedAt).toBeDefined();
});

test('a key of some days opens nothing once they are over', async () => {
  const made = await fleet.json<{ key: string; validUntil: string }>(
    'keys',
    'create',
    '--name=brief',
    '--days=0.000001',
  );
  expect(Date.parse(made.validUntil)).toBeLessThan(Date.now() + 1_000);
  const refused = await fleet.run(['tasks'], { FLEET_KEY: made.key });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
});

test('a key with a rate of its own is throttled by it', async () => {
  const made = await fleet.json<{ key: string }>('keys', 'create', '--name', 'slow', '--rate', '1');
  const headers = { authorization: `Bearer ${made.key}` };
  const statuses = await Promise.all(
    Array.from({ length: 6 }, async () => (await fetch(`${api}/tasks`, { headers })).status),
  );
  expect(statuses).toContain(200);
  expect(statuses).toContain(429);
});

test('I10: the same idempotency key is the same task, and another body under it is refused', async () => {
  const submit = ['submit', 'assistant', 'Hello.', '--idempotency-key', 'order-7'];
  const first = await fleet.json<{ id: string }>(...submit);
  expect(await fleet.json(...submit)).toEqual(first);
  const other = await fleet.run(['submit', 'assistant', 'Something else.', '--idempotency-key', 'order-7']);
  expect(other.code).toBe(1);
});

test('typed input comes from stdin too, and --wait prints the output alone on stdout', async () => {
  const args = ['submit', 'assistant', '--input', '-', '--wait'];
  const { code, stdout } = await fleet.run(args, {}, '{"instruction":"What is 6 times 7?"}');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '[simulated] 6 * 7 = 42\n' });
});

test('Ctrl-C stops watching, and the task continues', async () => {
  const headers = { authorization: `Bearer ${key}` };
  const stateOf = async (id: string): Promise<unknown> =>
    ((await (await fetch(`${api}/tasks/${id}?wait=1`, { headers })).json()) as { status: unknown }).status;
  // A task of a paused pool cannot end before the signal. A worker knows of the pause two seconds later.
  await fleet.json('pause', 'assistant', '--reason', 'A test watches.');
  let id = '';
  await vi.waitUntil(
    async () => {
      ({ id } = await fleet.json<{ id: string }>('submit', 'assistant', 'Hello.'));
      return (await stateOf(id)) === 'parked';
    },
    { timeout: 90_000 },
  );
  const watching = fleet.start(['watch', id]);
  let said = '';
  watching.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(watching.stdout ?? watching, 'data');
  watching.kill('SIGINT');
  const [code] = (await once(watching, 'close')) as [number];
  expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining('The task continues.') as string });
  expect(await stateOf(id)).toBe('parked');
  await fleet.json('cancel', id);
  await fleet.json('resume', 'assistant');
}, 120_000);

import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FleetProgram } from '#test/cli/support/fleet-program.ts';
import { readLocalApi } from '#test/cli/support/local-api.ts';
import { exampleOf } from '../../pull-request/deliveries.ts';

/** `fleet github` as a person uses it, with a fleet that runs. */
let home: string;
let fleet: FleetProgram;
let up: ChildProcess;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-github-'));
  fleet = new FleetProgram(home);
  up = await fleet.up();
});

afterAll(async () => {
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
  await rm(home, { recursive: true, force: true });
});

async function payload(content: unknown): Promise<string> {
  const path = join(home, 'payload.json');
  await writeFile(path, JSON.stringify(content));
  return path;
}

it('replays a delivery to the fleet: accepted, ignored, or rejected with a remedy', async () => {
  const closed = await payload({ ...exampleOf('pull_request', 'closed'), number: 41 });
  const accepted = { event: 'pull_request', status: 202, execution: expect.stringMatching(/^pr-41-/) };
  expect(await fleet.json('github', 'replay', closed)).toMatchObject(accepted);
  expect(await fleet.run(['github', 'replay', closed])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Accepted (202)'),
  });
  const comment = await payload(exampleOf('issue_comment', 'created'));
  expect(await fleet.run(['github', 'replay', comment, '--event', 'issue_comment'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Ignored (200)'),
  });
  const wrong = await fleet.run(['github', 'replay', comment, '--json']);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('number: is required') });
  expect(JSON.parse(wrong.stdout)).toMatchObject({ status: 400, problem: { errors: expect.any(Array) } });
});

it('replays to a deployed fleet, whose secret it reads with AWS credentials', async () => {
  const { api, aws, endpoint, outputs } = readLocalApi(home);
  const secret = outputs['code-review']?.['GithubWebhookSecret'] ?? '';
  const ping = await payload(exampleOf('issue_comment', 'created'));
  const there = ['--url', api, '--webhook-secret', secret, '--event', 'ping'];
  const env = { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1', ...aws };
  expect(await fleet.run(['github', 'replay', ping, ...there], env)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('event ping'),
  });
  there.splice(3, 1, 'fleet-dev/typo');
  expect(await fleet.run(['github', 'replay', ping, ...there], env)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('output'),
  });
});

it('asks GitHub for a delivery only when the fleet has an app', async () => {
  expect(await fleet.run(['github', 'replay', '1234567890'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has no app'),
  });
});

it('shows a review from the webhook to the verdict, and puts the secret back', async () => {
  const before = await appSecret();
  const { code, stdout, stderr } = await fleet.run(['github', 'demo', '--once', '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const result = JSON.parse(stdout) as Record<string, unknown>;
  expect(result).toMatchObject({
    verdict: 'request-changes',
    number: 1,
    simulated: true,
    findings: expect.arrayContaining([
      expect.objectContaining({ file: 'api/customers.py', rule: 'sql-injection' }),
      expect.objectContaining({ file: 'web/refunds.ts', rule: 'missing-await' }),
    ]),
  });
  expect(result['spent']).toMatchObject({ usd: expect.toSatisfy((usd: number) => usd > 0) });
  const steps = ['the fleet answered 202', 'check run is in progress', 'security has read', 'completed: failure'];
  const places = steps.map((step) => stderr.indexOf(step));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(stderr).toContain('Changes requested');
  expect(await appSecret()).toBe(before);
});

it('reviews what people push, replays a delivery, and ends on Ctrl-C', async () => {
  const before = await appSecret();
  const child = fleet.start(['github', 'demo', '--no-open']);
  const said = listen(child);
  await said('Try another push:');
  expect(JSON.parse(await appSecret())).toMatchObject({ apiUrl: expect.stringContaining('127.0.0.1') });
  expect(await fleet.run(['github', 'demo', '--once'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('A demo runs already'),
  });
  const [, delivery = ''] = /delivery (\d+) /.exec(said.text()) ?? [];
  expect(await fleet.run(['github', 'replay', delivery])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Accepted (202)'),
  });
  const [, branch = '', path = ''] = /git clone --branch (\S+) (\S+) shop/.exec(said.text()) ?? [];
  const git = (...args: string[]) => execFileSync('git', args, { cwd: join(home, 'shop'), stdio: 'ignore' });
  execFileSync('git', ['clone', '--quiet', '--branch', branch, path, join(home, 'shop')]);
  await rm(join(home, 'shop/api/mail.py'));
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--all', '-m', 'Leave the mail out');
  git('push');
  await said('A push:');
  await said('completed: ', 2);
  await said('Changes requested.', 2);
  expect(said.text().split('A push:')[1]).not.toContain('hard-coded');
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(await appSecret()).toBe(before);
});

it('leaves the key of a real app alone, and every fleet that is not on this machine', async () => {
  const before = await appSecret();
  const real = JSON.stringify({ appId: 7, privateKey: 'PRIVATE KEY' });
  await appSecret(real);
  expect(await fleet.run(['github', 'demo', '--once'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('a real app'),
  });
  expect(await appSecret()).toBe(real);
  await appSecret(before);
  const env = { FLEET_URL: 'https://fleet.example/v1' };
  expect(await fleet.run(['github', 'demo', '--once'], env)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('FLEET_URL names'),
  });
});

/** The secret with the app's key. @param next its next value */
async function appSecret(next?: string): Promise<string> {
  const { endpoint, credentials, outputs } = readLocalApi(home);
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
  const SecretId = outputs['code-review']?.['GithubAppSecret'] ?? '';
  if (next !== undefined) await client.send(new PutSecretValueCommand({ SecretId, SecretString: next }));
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  client.destroy();
  return SecretString;
}

/** Waits until a program has said something, `times` times. */
function listen(child: ChildProcess) {
  let all = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      all += chunk.toString();
      child.emit('said');
    });
  const hear = async (text: string, times = 1): Promise<void> => {
    while (all.split(text).length <= times) {
      if (child.exitCode !== null) throw new Error(`It ended before it said “${text}”:\n${all}`);
      await Promise.race([once(child, 'said'), once(child, 'exit')]);
    }
  };
  return Object.assign(hear, { text: () => all });
}

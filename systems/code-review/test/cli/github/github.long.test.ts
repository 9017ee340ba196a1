import type { ChildProcess } from 'node:child_process';
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
}, 180_000);

afterAll(async () => {
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
  await rm(home, { recursive: true, force: true });
}, 60_000);

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
}, 120_000);

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
}, 60_000);

it('asks GitHub for a delivery only when the fleet has an app', async () => {
  expect(await fleet.run(['github', 'replay', '1234567890'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has no app'),
  });
}, 60_000);

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ensureAccessKey } from '@agent-fleet/local-cloud/access-key';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GlobalMap } from '#cli/global/map/read.ts';
import type { RunningGlobal } from '#cli/global/registry.ts';
import { tenantSecret } from '#cli/keys/tenant-secret.ts';
import type { FailoverPlan } from '#cli/regions/failover.ts';
import type { HomesReading } from '#cli/regions/reading.ts';
import { FleetClient } from '#client/index.ts';
import { addressesOf } from '#cli/global/demo/callers.ts';
import { FleetProgram } from '../support/fleet-program.ts';

/** Three regions on this machine, as a person tries them from two terminals. */
let home: string;
let fleet: FleetProgram;
let up: ChildProcess;

const running = async (): Promise<RunningGlobal> =>
  JSON.parse(await readFile(join(`${home}-global`, 'global.json'), 'utf8')) as RunningGlobal;
const map = (): Promise<GlobalMap> => fleet.json<GlobalMap>('global', 'map');
const holders = async (): Promise<Record<string, readonly string[]>> =>
  Object.fromEntries((await map()).homes.map(({ home, holders }) => [home, holders]));

async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await fleet.run(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-regions-'));
  fleet = new FleetProgram(home);
  up = fleet.start(['global', 'up', '--free-ports']);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    up.once('exit', () => reject(new Error(said)));
    for (const stream of [up.stdout, up.stderr])
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ctrl-C stops the regions.')) resolve();
      });
  });
});

afterAll(async () => {
  if (up.exitCode === null) {
    const ended = once(up, 'exit');
    up.kill('SIGTERM');
    await ended;
  }
  await rm(home, { recursive: true, force: true });
  await rm(`${home}-global`, { recursive: true, force: true });
});

it('each region holds its own home', async () => {
  await expect.poll(holders).toEqual({ us: ['us'], eu: ['eu'], ap: ['ap'] });
  const { homes } = await fleet.json<HomesReading>('regions');
  expect(homes.map(({ holders }) => holders)).toEqual([['us'], ['eu'], ['ap']]);
});

it('a task that is submitted anywhere ends, and every region knows it', async () => {
  const { regions, key } = await running();
  const [first, ...others] = addressesOf(regions);
  for (const near of ['us', 'eu', 'ap']) {
    const client = new FleetClient({ regions: [first, ...others], near, key });
    const { id } = await client.submit({ agent: 'assistant', instruction: 'What is 6 times 7?' });
    expect(id).toMatch(near === 'us' ? /^task-/ : new RegExp(`^${near}\\.task-`));
    expect(await client.wait(id)).toMatchObject({ status: 'succeeded', output: { text: '[simulated] 6 * 7 = 42' } });
    for (const { url } of [first, ...others])
      await expect.poll(async () => (await new FleetClient({ url, key }).get(id)).status).toBe('succeeded');
  }
});

it('a key that is made here is valid in each region, and revoked in each', async () => {
  const { id, key } = await fleet.json<{ id: string; key: string }>('keys', 'create', '--name', 'ci');
  const { regions } = await running();
  const statuses = () =>
    Promise.all(
      regions.map(async ({ api }) => {
        const answer = await fetch(`${api?.url}/agents`, { headers: { authorization: `Bearer ${key}` } });
        return answer.status;
      }),
    );
  await expect.poll(statuses).toEqual([200, 200, 200]);
  // While the home is handed over, on a busy machine, nothing is written.
  const ended = async (...args: string[]) => (await fleet.run(args)).code;
  await expect.poll(() => ended('limits', 'acme', '--concurrent', '3')).toBe(0);
  await expect.poll(() => ended('keys', 'revoke', id)).toBe(0);
  // API Gateway rejects a key that is disabled at once.
  expect(await statuses()).not.toContain(200);
});

it("the callbacks of each region verify with the secret that is shown with a tenant's key", async () => {
  const shown = await fleet.json<{ id: string; callbackSecret: string }>('keys', 'create', '--name', 'receiver');
  const { regions } = await running();
  const credentials = ensureAccessKey(join(home, 'credentials'));
  for (const { api, endpoint, region } of regions) {
    const client = new SecretsManagerClient({ endpoint, region, credentials });
    expect(await tenantSecret(client, api?.callbackSecret ?? '', 'default')).toBe(shown.callbackSecret);
    client.destroy();
  }
});

it('the network is slowed and healed', async () => {
  await done('global', 'slow', 'ap', '800');
  const of = async (from: string): Promise<number[]> =>
    (await map()).regions.find(({ name }) => name === from)?.network?.map(({ roundTripMs }) => roundTripMs) ?? [];
  expect(await of('ap')).toEqual([800, 800]);
  await done('global', 'heal');
  expect((await of('ap')).toSorted((a, b) => a - b)).toEqual([145, 212]);
});

it('a plan of a failover says what would be handed over', async () => {
  expect(await fleet.json<FailoverPlan>('failover', '--from', 'eu', '--dry-run')).toMatchObject({
    from: 'eu',
    homes: [{ home: 'eu', candidates: ['ap', 'us'] }],
    possible: true,
  });
});

it('a region that is taken out of service gives up its home, and takes none until it is put back', async () => {
  await done('failover', '--from', 'us');
  await expect.poll(async () => (await holders())['us']).toEqual(['eu']);
  await done('failover', '--from', 'us', '--undo');
});

it('a killed region is taken over, a request to its home is accepted elsewhere, and it comes back', async () => {
  await done('global', 'kill', 'eu');
  const { regions, key } = await running();
  const [first, ...others] = addressesOf(regions);
  const client = new FleetClient({ regions: [first, ...others], near: 'us', key });
  const task = { agent: 'assistant', instruction: 'What is 3 times 7?' };
  const { id } = await client.submit(task, { idempotencyKey: 'eu.01234567-89ab-cdef-0123-456789abcdef' });
  expect(await client.wait(id)).toMatchObject({ status: 'succeeded' });
  expect((await holders())['eu']).not.toEqual(['eu']);
  await done('global', 'start', 'eu');
  expect((await map()).regions.map(({ status }) => status)).toEqual(['up', 'up', 'up']);
});

it('a region that is cut off stops by itself and is taken over', async () => {
  await done('global', 'partition', 'ap');
  await expect.poll(async () => (await holders())['ap']?.includes('ap')).toBe(false);
  await expect.poll(async () => (await holders())['ap']?.length).toBe(1);
  await done('global', 'heal');
});

it('stops from another terminal, and does not start twice', async () => {
  expect((await fleet.run(['reset', '--yes'])).stderr).toContain('Three regions are running.');
  const { code, stderr } = await fleet.run(['global', 'up', '--free-ports']);
  expect(code).toBe(1);
  expect(stderr).toContain('Regions are already running on this machine');
  expect(await done('global', 'down')).toContain('Stopped. All data is kept');
  expect(await done('reset', '--yes')).toContain('-global');
  expect((await fleet.run(['global', 'map'])).stderr).toContain('Start them with npm run fleet -- global up.');
});

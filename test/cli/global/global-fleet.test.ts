import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { orderStart } from '#cli/global/control.ts';
import { GlobalFleet, type GlobalFleetOptions } from '#cli/global/global-fleet.ts';
import { changePaths, cutPath, healedPath, readRegion, slowPath } from '#cli/global/network.ts';
import { freePorts } from '#cli/global/ports.ts';
import { lockRegions, type RunningGlobal } from '#cli/global/registry.ts';
import type { Topology } from '#cli/global/topology.ts';

const MODULE = join(import.meta.dirname, 'support/fake-region.process.ts');
const topology: Topology = {
  prefix: 'fleet-global',
  regions: [
    { name: 'us', region: 'us-east-1' },
    { name: 'eu', region: 'eu-west-1' },
    { name: 'ap', region: 'ap-northeast-1' },
  ],
};

interface Started {
  readonly fleet: GlobalFleet;
  readonly written: RunningGlobal[];
  readonly said: string[];
  readonly shared: unknown[];
}

async function started({
  name = 'fleet',
  ...options
}: Partial<GlobalFleetOptions> & { name?: string } = {}): Promise<Started> {
  const home = await mkdtemp(join(tmpdir(), 'fleet-global-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const [written, said, shared]: [RunningGlobal[], string[], unknown[]] = [[], [], []];
  const fleet = await GlobalFleet.start({
    topology,
    systems: [],
    assembly: { folder: home, stacksOf: () => [], copies: [] },
    dataDir: join(home, name),
    ports: await freePorts(3),
    latencyMs: 0,
    onEvent: (text) => said.push(text),
    module: MODULE,
    share: (places) => Promise.resolve(void shared.push(places)),
    registry: { write: (running) => void written.push(running), remove: () => undefined },
    ...options,
  });
  onTestFinished(() => fleet.close());
  return { fleet, written, said, shared };
}

const upOf = ({ regions }: RunningGlobal): string[] => regions.flatMap(({ name, pid }) => (pid === null ? [] : [name]));

it('starts a process per region, shares one key and registers where they are', async () => {
  const { fleet, written, shared } = await started();
  expect(upOf(fleet.running)).toEqual(['us', 'eu', 'ap']);
  expect(new Set(fleet.running.regions.map(({ pid }) => pid)).size).toBe(3);
  expect(written.at(-1)).toEqual(fleet.running);
  expect(fleet.key).toMatch(/^flk_/);
  expect(shared).toMatchObject([[{ region: 'us-east-1' }, { region: 'eu-west-1' }, { region: 'ap-northeast-1' }]]);
});

it('a killed region is down until it is told to start, on the same ports', async () => {
  const restarts: string[] = [];
  const { fleet, said } = await started({
    restart: async (name, work) => {
      restarts.push(name);
      await work(() => undefined);
    },
  });
  expect(restarts).toEqual([]);
  const before = fleet.running;
  await fleet.kill('eu');
  await expect.poll(() => said).toEqual([expect.stringContaining('Region eu (eu-west-1) is down')]);
  expect(upOf(fleet.running)).toEqual(['us', 'ap']);
  await orderStart(fleet.running, 'eu');
  expect(restarts).toEqual(['eu']);
  expect(upOf(fleet.running)).toEqual(['us', 'eu', 'ap']);
  expect(fleet.running.regions.map(({ endpoint }) => endpoint)).toEqual(before.regions.map(({ endpoint }) => endpoint));
  expect(fleet.running.regions[1]?.pid).not.toBe(before.regions[1]?.pid);
});

it('a region that is up is not started again, whoever asks', async () => {
  const { fleet } = await started();
  await expect(orderStart(fleet.running, 'eu')).rejects.toMatchObject({
    message: 'Region eu is up.',
    remedy: 'Kill it first: npm run fleet -- global kill eu.',
  });
  const response = await fetch(`${fleet.running.control}/start/eu`, { method: 'POST' });
  expect(response.status).toBe(403);
});

it('a region that does not start says why, and nothing stays open', async () => {
  await expect(started({ name: 'broken' })).rejects.toMatchObject({
    message: expect.stringMatching(/^Region (us|eu|ap) cannot start: The disk is full\.$/) as string,
    remedy: 'Free some space.',
  });
});

it('a region that starts is neither started again nor taken for a region that is up or down', async () => {
  const beginning = Promise.withResolvers<void>();
  const { fleet, said, written } = await started({
    restart: async (_, work) => {
      await beginning.promise;
      await work(() => undefined);
    },
  });
  await fleet.kill('eu');
  await expect.poll(() => said).toHaveLength(1);
  const starting = orderStart(fleet.running, 'eu');
  await expect.poll(() => written.at(-1)?.regions[1]?.starting).toBe(true);
  await expect(orderStart(fleet.running, 'eu')).rejects.toMatchObject({ message: 'Region eu is starting.' });
  beginning.resolve();
  await starting;
  expect(written.at(-1)?.regions[1]).not.toHaveProperty('starting');
  expect(upOf(fleet.running)).toEqual(['us', 'eu', 'ap']);
});

it('a start that is stopped ends its regions at once, and frees the data', async () => {
  const stop = new AbortController();
  const home = await mkdtemp(join(tmpdir(), 'fleet-global-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const dataDir = join(home, 'endless');
  const about: string[] = [];
  const startAll = started({
    dataDir,
    signal: stop.signal,
    about: (text) => {
      about.push(text);
      if (about.length === topology.regions.length) stop.abort();
    },
  });
  await expect(startAll).rejects.toThrow('aborted');
  expect(about).toHaveLength(3);
  lockRegions(dataDir)();
});

it('two commands never run regions with the same data', async () => {
  const { fleet } = await started();
  const { dataDir } = fleet.running;
  await expect(started({ dataDir })).rejects.toMatchObject({
    message: `Regions are starting or stopping on this machine with the data in ${dataDir}.`,
  });
  expect(upOf(fleet.running)).toEqual(['us', 'eu', 'ap']);
});

it('the ways of one region are cut, slowed and healed at both ends', async () => {
  const { fleet } = await started();
  const ways = async (): Promise<string[]> => {
    const { regions, secret } = fleet.running;
    const read = await Promise.all(regions.map((region) => readRegion(region, secret)));
    return read.flatMap(({ network }, index) =>
      network.map(({ to, cut, roundTripMs }) => `${regions[index]?.region}>${to} ${cut ? 'cut' : roundTripMs}`),
    );
  };
  await changePaths(fleet.running, 'eu', cutPath);
  expect(await ways()).toEqual([
    'us-east-1>eu-west-1 cut',
    'us-east-1>ap-northeast-1 1',
    'eu-west-1>us-east-1 cut',
    'eu-west-1>ap-northeast-1 cut',
    'ap-northeast-1>us-east-1 1',
    'ap-northeast-1>eu-west-1 cut',
  ]);
  await changePaths(fleet.running, null, healedPath);
  await changePaths(fleet.running, 'ap', slowPath(800));
  expect(await ways()).toEqual([
    'us-east-1>eu-west-1 80',
    'us-east-1>ap-northeast-1 800',
    'eu-west-1>us-east-1 80',
    'eu-west-1>ap-northeast-1 800',
    'ap-northeast-1>us-east-1 800',
    'ap-northeast-1>eu-west-1 800',
  ]);
});

it('a region that hangs is named, and the ways of the others are changed', async () => {
  const { fleet } = await started();
  const { regions, secret } = fleet.running;
  const hung = regions[1]?.pid ?? 0;
  process.kill(hung, 'SIGSTOP');
  try {
    await expect(changePaths(fleet.running, 'eu', cutPath)).rejects.toMatchObject({
      message: 'Not done in eu (no answer within 5 s): what leaves a region takes its way as before there.',
      remedy: expect.stringContaining('npm run fleet -- global kill eu') as string,
    });
  } finally {
    process.kill(hung, 'SIGCONT');
  }
  const [us] = await Promise.all(regions.slice(0, 1).map((region) => readRegion(region, secret)));
  expect(us?.network.map(({ cut }) => cut)).toEqual([true, false]);
});

it('its regions end with it', async () => {
  const { fleet, written } = await started();
  const pids = fleet.running.regions.map(({ pid }) => pid ?? 0);
  await fleet.close();
  expect(written.at(-1)?.stopping).toBe(true);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('its regions end even if it is killed', async () => {
  const home = await mkdtemp(join(tmpdir(), 'fleet-global-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const { fork } = await import('node:child_process');
  const child = fork(join(import.meta.dirname, 'support/parent.process.ts'), [home, MODULE], { execArgv: [] });
  const [pid] = (await once(child, 'message')) as [number];
  process.kill(pid, 0);
  child.kill('SIGKILL');
  await expect
    .poll(() => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    })
    .toBe(false);
});

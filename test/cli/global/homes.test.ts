import { expect, it } from 'vitest';
import { homesOf, type HomeView } from '#cli/global/homes.ts';
import { mapLines } from '#cli/global/map/view.ts';
import { mapReader, type GlobalMap, type RegionView } from '#cli/global/map/read.ts';
import { whySilent } from '#cli/global/silence.ts';
import { planLines, regionLines } from '#cli/regions/command.ts';
import { findRegion, readTopology } from '#cli/global/topology.ts';
import { stubApi } from '../../adapters/support/stub-api.ts';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = (name: string, epoch: number, until?: number): HomeView => ({
  home: name,
  lease: { epoch, beat: 7 },
  held: until === undefined ? null : { epoch, until },
});

it('a home is held by the region that believes so now, under the epoch of two tables', () => {
  const views = [
    { name: 'us', homes: [home('us', 0, 1_500)] },
    { name: 'eu', homes: [home('us', 17, 2_500)] },
    { name: 'ap', homes: [home('us', 17)] },
  ];
  expect(homesOf(views, ['us'], 2_000)).toEqual([{ home: 'us', holders: ['eu'], epoch: 17 }]);
  expect(homesOf(views, ['us'], 1_000)).toMatchObject([{ holders: ['us', 'eu'] }]);
  expect(homesOf(views.slice(0, 2), ['us'], 9_000)).toEqual([{ home: 'us', holders: [], epoch: 0 }]);
  expect(homesOf([], ['us'], 0)).toEqual([{ home: 'us', holders: [], epoch: null }]);
});

const region = (name: string, over: Partial<RegionView> = {}): RegionView => ({
  name,
  region: `${name}-east-1`,
  status: 'up',
  problem: null,
  outOfServiceSince: null,
  api: 'http://127.0.0.1:4400',
  holds: [name],
  tasks: { running: 3, queued: 12, parked: 1 },
  replication: { underWay: 2, conflicts: 0, lagMsP99: 412.4, lagMsMax: 500 },
  network: [],
  ...over,
});

it('a map shows regions, homes and the network', () => {
  const map: GlobalMap = {
    asOf: '2026-11-30T12:00:00.000Z',
    regions: [
      region('us', { network: [{ to: 'eu-east-1', roundTripMs: 80, jitterMs: 4, loss: 0, cut: false }] }),
      region('eu', {
        outOfServiceSince: 1,
        holds: [],
        network: [{ to: 'us-east-1', roundTripMs: 80, jitterMs: 4, loss: 0, cut: true }],
      }),
      region('ap', { status: 'down', holds: [], tasks: null, replication: null, network: null }),
    ],
    homes: [
      { home: 'us', holders: ['us'], epoch: 0 },
      { home: 'eu', holders: [], epoch: 1 },
    ],
  };
  const text = mapLines(map).join('\n');
  expect(text).toContain('2 of 3 regions are up');
  expect(text).toMatch(/^us +us-east-1 +up +us +3 +12 +1 +2 +412 ms +0$/m);
  expect(text).toMatch(/^ap +ap-east-1 +down +– +– +– +– +– +– +–$/m);
  expect(text).toMatch(/^eu +eu-east-1 +up, out of service +/m);
  expect(text).toMatch(/^eu +nobody +1$/m);
  expect(text).toMatch(/^us +– +80 ms +–$/m);
  expect(text).toMatch(/^eu +cut +– +–$/m);
});

it('a map counts a region that does not answer as not up, and knows no holder if none does', async () => {
  const { port } = await stubApi((response) => void response.destroy());
  const regions = ['us', 'eu', 'ap'].map((name) => ({
    name,
    region: `${name}-east-1`,
    pid: name === 'ap' ? null : process.pid,
    endpoint: `http://127.0.0.1:${port}`,
    api: null,
  }));
  const running = { pid: process.pid, startedAt: '', prefix: 'p', control: '', secret: 's', key: 'k', dataDir: '' };
  const map = mapReader(() => ({ ...running, regions }));
  const read = await map.read();
  map.close();
  expect(read.regions).toMatchObject([
    { status: 'no answer', problem: 'no answer' },
    { status: 'no answer' },
    { status: 'down', problem: 'down' },
  ]);
  const text = mapLines(read).join('\n');
  expect(text).toContain('0 of 3 regions are up');
  expect(text).toMatch(/^us +us-east-1 +no answer +–/m);
  expect(text).toMatch(/^us +unknown +–$/m);
});

it('a map shows a region that is started again as starting', async () => {
  const us = { name: 'us', region: 'us-east-1', pid: null, endpoint: 'http://127.0.0.1:1', api: null };
  const running = { pid: process.pid, startedAt: '', prefix: 'p', control: '', secret: 's', key: 'k', dataDir: '' };
  const map = mapReader(() => ({ ...running, regions: [{ ...us, starting: true as const }] }));
  expect(mapLines(await map.read()).join('\n')).toMatch(/^us +us-east-1 +starting +–/m);
  map.close();
});

it('why a region did not answer says whether its process has ended', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4576'), { code: 'ECONNREFUSED' });
  expect(whySilent(null, refused)).toBe('down');
  expect(whySilent(7, refused)).toBe('no answer');
  expect(whySilent(7, new Error('Requested resource not found'))).toBe('Requested resource not found');
});

it('regions claims nothing of a takeover that cannot happen, nor of homes that nobody was asked of', () => {
  const of = (name: string, problem: string | null) => ({
    name,
    region: name,
    homes: [],
    outOfServiceSince: null,
    lastCanaryAt: null,
    cutOff: false,
    problem,
  });
  const homes = [{ home: 'us', holders: [], epoch: null }];
  const lines = (...problems: (string | null)[]): string =>
    regionLines({ regions: problems.map((problem, index) => of(`r${index}`, problem)), homes });
  expect(lines('down', 'down', 'no answer')).toContain('\n\nWho holds us is unknown: no region answers.');
  expect(lines('down', null, 'no answer')).toContain('a takeover needs two that reach each other');
  expect(lines('down', null, null)).toContain('Nobody holds us: a takeover takes up to 45 seconds.');
});

it('regions and failover say who holds what, and what would become of it', () => {
  const homes = [
    { home: 'us', holders: ['us'], epoch: 0 },
    { home: 'ap', holders: [], epoch: 2 },
  ];
  const regions = [
    {
      name: 'us',
      region: 'us-east-1',
      homes: [],
      outOfServiceSince: null,
      lastCanaryAt: null,
      cutOff: false,
      problem: null,
    },
    {
      name: 'eu',
      region: 'eu-west-1',
      homes: [],
      outOfServiceSince: null,
      lastCanaryAt: null,
      cutOff: false,
      problem: null,
    },
    {
      name: 'ap',
      region: 'ap-northeast-1',
      homes: [],
      outOfServiceSince: null,
      lastCanaryAt: null,
      cutOff: false,
      problem: 'gone',
    },
  ];
  expect(regionLines({ regions, homes })).toMatch(/us +us-east-1 +us +answers\neu .*\n.*gone\n\nNobody holds ap:/);
  const unfit = regions.map((each) => ({ ...each, outOfServiceSince: each.name === 'us' ? 1 : null, lastCanaryAt: 1 }));
  expect(regionLines({ regions: unfit.map((each) => ({ ...each, problem: null })), homes })).toMatch(
    /us +us-east-1 +us +out of service\neu .*\nap .* its canaries do not end\n/,
  );
  const plan = {
    from: 'us',
    homes: [{ home: 'us', epoch: 0, candidates: ['eu', 'ap'], openTasks: { count: 7, complete: false } }],
    tables: ['eu', 'ap'],
    unfit: [],
    possible: true,
  };
  expect(planLines(plan)).toMatch(/us +0 +7\+ +eu, then ap\n\nThe tables of eu and ap answer/);
  expect(planLines({ ...plan, tables: ['eu'], possible: false })).toMatch(
    /Only the table of eu answers, and two are needed/,
  );
  expect(planLines({ ...plan, tables: [], possible: false })).toMatch(/No other table answers, and two are needed/);
  expect(planLines({ ...plan, homes: [] })).toBe('Region us holds no home, so nothing is handed over.');
});

it('a topology is read from the configuration, with the regions’ own names or short ones', () => {
  const project = mkdtempSync(join(tmpdir(), 'fleet-topology-'));
  try {
    mkdirSync(join(project, 'config'));
    const write = (config: object): void => writeFileSync(join(project, 'config/global.json'), JSON.stringify(config));
    write({ prefix: 'fleet-global', regions: ['us-east-1', 'eu-west-1'], homes: ['us', 'europe'], tags: {} });
    const { regions } = readTopology('global', project);
    expect(regions.map(({ name }) => name)).toEqual(['us', 'europe']);
    expect(findRegion(regions, 'eu-west-1').name).toBe('europe');
    expect(() => findRegion(regions, 'mars')).toThrow('Region "mars" not found.');
    write({ prefix: 'fleet-dev', regions: ['us-east-1'] });
    const wrong = (message: string): unknown => expect.objectContaining({ message, exitCode: 2 });
    expect(() => readTopology('global', project)).toThrow(wrong('config/global.json has one region only.'));
    expect(() => readTopology('mars', project)).toThrow(wrong('config/mars.json not found.'));
  } finally {
    rmSync(project, { recursive: true });
  }
});

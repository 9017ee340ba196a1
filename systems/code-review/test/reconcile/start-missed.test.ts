import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoCredentials, parseCredentials } from '../../github/app-access.ts';
import { MINUTE, openPull, startMissing, type Missing } from './support.ts';

let world: Missing;
beforeEach(async () => {
  world = await startMissing();
  await world.github.createRepository({ name: 'shop', files: { 'a.js': 'a();\n' } });
});
afterEach(() => world[Symbol.asyncDispose]());

const SHOP = 'octo-org/shop';
const numbers = (): number[] => [...world.started.values()].map(({ number }) => number);

describe('open pull requests without a review', () => {
  it('are reviewed, once a day, and not while their webhook may be under way', async () => {
    const pull = await openPull(world, 'shop', 'one');
    world.time.now += MINUTE;
    expect(await world.run()).toMatchObject({ outcome: 'done', repositories: 1, started: 0 });
    world.time.now += 2 * MINUTE;
    expect(await world.run()).toMatchObject({ started: 1 });
    await world.run();
    expect([...world.started.values()]).toEqual([
      {
        kind: 'review',
        repository: SHOP,
        number: pull.number,
        installation: expect.any(Number),
        head: pull.headSha(),
        before: null,
        pushed: false,
      },
    ]);
    world.time.now += 24 * 60 * MINUTE;
    await world.run();
    expect(world.started.size).toBe(2);
  });

  it('are reviewed also when the money of another review cannot be settled, which fails the run', async () => {
    await openPull(world, 'shop', 'one');
    world.time.now += 3 * MINUTE;
    const held = { ...world.ports.held, list: () => failingList() };
    await expect(world.run({ held })).rejects.toThrow('No table.');
    expect(numbers()).toEqual([1]);
  });

  it('are left alone when their head is reviewed or being reviewed', async () => {
    const heads: string[] = [];
    for (const branch of ['done', 'runs', 'lost', 'gave', 'older'])
      heads.push((await openPull(world, 'shop', branch)).headSha());
    const [done = '', runs = '', lost = '', gave = '', older = ''] = heads;
    world.time.now += 4 * 60 * MINUTE;
    const { now } = world.time;
    world.claim({ repository: SHOP, number: 1 }, { head: done, state: 'done' });
    world.claim({ repository: SHOP, number: 2 }, { head: runs, since: now - 60 * MINUTE });
    world.claim({ repository: SHOP, number: 3 }, { head: lost, since: now - 181 * MINUTE });
    world.claim({ repository: SHOP, number: 4 }, { head: gave, state: 'stopped' });
    world.claim({ repository: SHOP, number: 5 }, { head: `${older.slice(1)}0`, state: 'done' });
    await world.run();
    expect(new Set(numbers())).toEqual(new Set([3, 4, 5]));
  });

  it('are drafts only where the settings say so, neither closed nor old', async () => {
    await openPull(world, 'shop', 'draft', true);
    const closed = await openPull(world, 'shop', 'closed');
    await closed.close();
    world.time.now += 5 * MINUTE;
    await world.run();
    expect(numbers()).toEqual([]);
    await world.run({ settings: { drafts: true } });
    expect(numbers()).toEqual([1]);
    world.started.clear();
    world.time.now += 3 * 24 * 60 * MINUTE;
    await world.run({ settings: { drafts: true } });
    expect(numbers()).toEqual([]);
  });
});

describe('a run that cannot look through everything', () => {
  const repositories = (): string[] => [...world.started.values()].map(({ repository }) => repository);
  const other = async (): Promise<void> => {
    await world.github.createRepository({ owner: 'other', name: 'blog', files: { 'a.js': 'a();\n' } });
    await world.github.push({ repository: 'other/blog', branch: 'two', files: { 'b.js': 'b();\n' } });
    await world.github.openPullRequest({ repository: 'other/blog', head: 'two', title: 'Two' });
    await openPull(world, 'shop', 'one');
    world.time.now += 5 * MINUTE;
  };

  it('stops when its time is up, and the next one goes on there', async () => {
    await other();
    let calls = 0;
    expect(await world.run({ mayGoOn: () => (calls += 1) < 2 })).toMatchObject({ repositories: 1 });
    expect(repositories()).toEqual([SHOP]);
    world.started.clear();
    await world.run();
    expect(repositories()).toEqual(['other/blog']);
    await world.run();
    expect(repositories().toSorted()).toEqual([SHOP, 'other/blog'].toSorted());
  });

  it('skips an installation that GitHub limits, and says so', async () => {
    await other();
    world.github.fault({ fault: 'secondary-limit', path: '/repos/octo-org/shop/pulls', method: 'GET' });
    expect(await world.run()).toMatchObject({ outcome: 'done', started: 1 });
    expect(repositories()).toEqual(['other/blog']);
    expect(world.reported).toContain('reconcile.installation-skipped');
    await world.run();
    expect(repositories()).toContain(SHOP);
  });

  it('ends without an error when GitHub limits the app or does not answer', async () => {
    for (const fault of ['secondary-limit', '502'] as const) {
      world.github.fault({ fault, path: '/app/installations', method: 'GET' });
      expect(await world.run()).toMatchObject({ outcome: 'later' });
    }
  });
});

describe('without an app', () => {
  it('a run does nothing, and is no error', async () => {
    const credentials = async () => parseCredentials('k3;?a{Zq');
    const access = {
      asApp: async () => (await credentials(), null),
      toRead: () => Promise.reject(new Error('unused')),
    };
    expect(await world.run({ access })).toMatchObject({ outcome: 'no-app' });
    expect(await world.run({ access: { ...access, asApp: async () => null } })).toMatchObject({ outcome: 'no-app' });
  });

  it('a secret that is JSON but no credentials is an error that says what it must be', () => {
    expect(() => parseCredentials('x')).toThrow(NoCredentials);
    expect(() => parseCredentials('{"appId": 1}')).toThrow(/privateKey/);
  });

  it('an app that GitHub rejects is an error', async () => {
    world.github.fault({ fault: '401', path: '/app/hook/deliveries' });
    await expect(world.run()).rejects.toThrow(/401/);
  });
});

async function* failingList(): AsyncGenerator<never> {
  yield* [];
  throw await Promise.resolve(new Error('No table.'));
}

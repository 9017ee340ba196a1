import { createHash, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { startSimulatedWeb } from '@agent-fleet/simulated-web';
import { expect, onTestFinished, test } from 'vitest';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { inMemoryHostPaceStore } from '#test/support/fakes/in-memory-host-pace-store.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';
import { SIMULATED_WEB_KEY } from '../../night/item.ts';
import { scoutServices, type ScoutPlace } from '../../sources/scout-services.ts';
import { itemsOf } from '../e2e/items.ts';
import { item } from '../night/offline-run.ts';

const BUCKET = 'snapshots';

function servicesWith(change: Partial<ScoutPlace> = {}) {
  const clock = manualClock(Date.parse('2026-11-02T22:00:00Z'));
  const artifacts = inMemoryArtifacts();
  const place: ScoutPlace = {
    artifacts,
    bucket: BUCKET,
    paces: inMemoryHostPaceStore(),
    clock,
    ids: {
      uuid: () => randomUUID(),
      random: () => 0.5,
      digest: (content) => createHash('sha256').update(content).digest('hex'),
    },
    contact: undefined,
    standInAddress: '127.0.0.1',
    limits: { redirects: 5, timeMs: 2_000, bytes: 1_000_000 },
    delay: async (ms) => {
      clock.advance(ms);
      await setImmediate();
    },
    ...change,
  };
  return { artifacts, services: scoutServices(place) };
}

const SIMULATED = item('a.test', '2026-11-02', { website: 'http://a.test/', space: 'simulated-1-2' });

test.each([
  ['the real web without a contact', {}, item('Acme', '2026-11-02'), 'Set systems.research.contact'],
  ['a simulated web on AWS', { standInAddress: undefined }, SIMULATED, 'only a fleet on this machine has'],
  ['a simulated web that is not running', {}, SIMULATED, 'Start one with: npm run fleet -- research'],
])('does not fetch %s, and says what to do', async (_, change, company, remedy) => {
  await expect(servicesWith(change).services.fetch('acme', company, Infinity)).rejects.toMatchObject({
    failure: { kind: 'permanent', reason: expect.stringContaining(remedy) as string },
  });
});

test('keeps the pages of each tenant and space apart, and fetches none of them twice in a night', async () => {
  const web = await startSimulatedWeb({ companies: 2, faults: { share: 0 } });
  onTestFinished(() => web.close());
  const { artifacts, services } = servicesWith();
  await artifacts.put(
    { bucket: BUCKET, key: SIMULATED_WEB_KEY },
    JSON.stringify({ port: web.port }),
    'application/json',
  );
  const [company] = itemsOf(web, 0, 2);
  if (company === undefined) throw new Error('The web has no company.');
  const first = await services.fetch('acme', company, Infinity);
  expect(first).toMatchObject({ kind: 'collected', failures: [] });
  expect(first.documents.length).toBeGreaterThan(2);
  // The clock of a simulated night is the night's.
  expect(first.documents.every(({ fetched }) => fetched === '2026-11-02T22:00:00.000Z')).toBe(true);
  const asked = web.requests().length;
  expect(await services.fetch('acme', company, Infinity)).toEqual(first);
  expect(web.requests()).toHaveLength(asked);
  await services.fetch('acme', { ...company, space: 'simulated-9-2' }, Infinity);
  expect(web.requests().length).toBeGreaterThan(asked);
  const others = web.requests().length;
  await services.fetch('other', company, Infinity);
  expect(web.requests().length).toBeGreaterThan(others);
  const hosts = (): string[] => web.requests().map(({ host }) => host);
  expect(hosts()).not.toContain('news-1.test');
  await services.fetch('acme', { ...company, news: ['http://news-1.test/'] }, Infinity);
  expect(hosts()).toContain('news-1.test');
});

import { createHash, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulatedWeb, type SimulatedWeb } from '@agent-fleet/simulated-web';
import { s3Snapshots } from '#adapters/s3/snapshots.ts';
import { webFetcher } from '#adapters/web/fetcher.ts';
import { collectUntil } from '#systems/research/sources/collect.ts';
import type { Collection } from '#systems/research/sources/company.ts';
import { SEC_STAND_IN } from '#systems/research/sources/edgar.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { inMemoryHostPaceStore } from '#test/support/fakes/in-memory-host-pace-store.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';

const FIRST_NIGHT = '2026-11-02';
const nightOf = (index: number): string =>
  new Date(Date.parse(FIRST_NIGHT) + index * 86_400_000).toISOString().slice(0, 10);

/** Collects the sources of every company in a night of the simulated web. Time passes by the clock alone. */
async function scouts(options: Parameters<typeof startSimulatedWeb>[0]) {
  const clock = manualClock(Date.parse(FIRST_NIGHT));
  const web = await startSimulatedWeb({ firstNight: FIRST_NIGHT, now: () => clock.now(), ...options });
  onTestFinished(() => web.close());
  const artifacts = inMemoryArtifacts();
  const delay = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await setImmediate();
  };
  const fetcher = webFetcher({
    snapshots: s3Snapshots({ artifacts, bucket: 'artifacts' }),
    paces: inMemoryHostPaceStore(),
    clock,
    ids: {
      uuid: () => randomUUID(),
      random: () => 0.5,
      digest: (content) => createHash('sha256').update(content).digest('hex'),
    },
    contact: 'Example Inc. web@example.com',
    standIn: { address: '127.0.0.1', port: web.port },
    resolve: async () => [],
    limits: { redirects: 5, timeMs: 2_000, bytes: 3 * 1_024 * 1_024 },
    delay,
  });
  const collect = async (index: number): Promise<Map<string, Collection>> => {
    web.setNight(index);
    const found = new Map<string, Collection>();
    for (const { id, name, site, ticker, cik } of web.companies) {
      const company = { name, site, ticker, cik: Number(cik) };
      const night = nightOf(index);
      const signal = new AbortController().signal;
      const patience = { now: () => clock.now(), delay, signal, until: Number.POSITIVE_INFINITY };
      found.set(id, await collectUntil(company, { fetcher, night, edgar: SEC_STAND_IN, ...patience }));
    }
    return found;
  };
  return { web, collect };
}

const textOf = (collection: Collection | undefined): string =>
  (collection?.documents ?? [])
    .map(({ title, text }) => `${title}\n${text}`)
    .join('\n')
    .replaceAll(/\s+/g, ' ');

/** Of the events that the company's own pages and reports tell, the share whose sentence a scout has. */
function recall(web: SimulatedWeb, night: number, found: ReadonlyMap<string, Collection>): number {
  const own = web
    .truth(night)
    .map(({ company, told }) => ({ company, told: told.filter(({ readable, via }) => readable && via !== 'news') }))
    .filter(({ told }) => told.length > 0);
  const seen = own.filter(({ company, told }) => {
    const text = textOf(found.get(company));
    return told.some(({ sentence }) => text.includes(sentence.replaceAll(/\s+/g, ' ')));
  });
  return seen.length / own.length;
}

/** Addresses that were asked for again after an answer that does not ask for that. */
const askedTwice = (web: SimulatedWeb): string[] => {
  const answered = web.requests().filter(({ status }) => status < 500 && status !== 429);
  const urls = answered.map(({ host, path }) => `${host}${path}`);
  return urls.filter((url, index) => urls.indexOf(url) !== index);
};

describe('scouts in the simulated web', () => {
  it('find what companies tell, and on later nights only what changed', async () => {
    const { web, collect } = await scouts({ companies: 20, faults: { share: 0 } });
    const first = await collect(0);
    expect(recall(web, 0, first)).toBeGreaterThanOrEqual(0.8);
    expect(askedTwice(web)).toEqual([]);
    expect([...first.values()].some(({ unchanged }) => unchanged)).toBe(false);

    web.forgetRequests();
    const second = await collect(1);
    expect(recall(web, 1, second)).toBe(1);
    const changed = [...second].filter(([, { unchanged }]) => !unchanged).map(([id]) => id);
    const happened = new Set(web.truth(1).map(({ company }) => company));
    expect(changed.filter((id) => !happened.has(id))).toEqual([]);
    expect(changed.length).toBeGreaterThan(0);
  });

  it('fail at no host, and reach none that they must not', async () => {
    const { web, collect } = await scouts({ companies: 40, faults: { share: 1 } });
    const found = await collect(0);
    expect(found.size).toBe(40);
    const closed = web.companies.filter(({ host }) =>
      (web.faults[host] ?? []).some((fault) => ['robots-500', 'robots-disallow'].includes(fault)),
    );
    expect(closed.length).toBeGreaterThan(0);
    for (const { host } of closed)
      expect(web.requests().filter((request) => request.host === host && request.path !== '/robots.txt')).toEqual([]);
    const unseen = web.injections().filter(({ fault }) => ['injection-hidden', 'injection-comment'].includes(fault));
    expect(unseen.length).toBeGreaterThan(0);
    for (const { company, marker } of unseen) expect(textOf(found.get(company))).not.toContain(marker);
    expect(askedTwice(web)).toEqual([]);
    expect(web.requests().every(({ host }) => host.endsWith('.test'))).toBe(true);
  });
});

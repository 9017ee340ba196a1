import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { startSimulatedWeb, type SimulatedWebOptions } from '@agent-fleet/simulated-web';
import { s3Snapshots } from '#adapters/s3/snapshots.ts';
import { webFetcher } from '#adapters/web/fetcher.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { inMemoryHostPaceStore } from '#test/support/fakes/in-memory-host-pace-store.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';
import type { Brief } from '../../brief/schema.ts';
import { simulatedCompanies } from '../../cli/companies.ts';
import { qualityOf, type Quality } from '../../cli/quality.ts';
import { collectSources } from '../../sources/collect.ts';
import { SEC_STAND_IN } from '../../sources/edgar.ts';
import type { NightItem } from '../../night/item.ts';
import { keptDocument } from '../../sources/scout-services.ts';
import { digest, item, OfflineRuns, type Fate } from '../night/offline-run.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.parse('2026-11-02T00:00:00Z');

/** Nights of the simulated web without a fleet: the same scouts, agents, checks and briefs, by a clock that does not wait. */
export async function simulatedNights(
  nights: number,
  { news, ...options }: SimulatedWebOptions & { readonly news?: readonly string[] },
): Promise<{ readonly briefs: readonly Brief[]; readonly quality: Quality; readonly messages: readonly string[] }> {
  const clock = manualClock();
  await using web = await startSimulatedWeb({ ...options, now: () => clock.now() });
  const snapshots = s3Snapshots({ artifacts: inMemoryArtifacts(), bucket: 'snapshots' });
  const fetcher = webFetcher({
    snapshots,
    paces: inMemoryHostPaceStore(),
    clock,
    ids: {
      uuid: () => randomUUID(),
      random: () => 0.5,
      digest,
    },
    contact: 'https://fleet.example/crawler',
    standIn: { address: '127.0.0.1', port: web.port },
    limits: { redirects: 5, timeMs: 2_000, bytes: 1_000_000 },
    delay: async (ms) => {
      clock.advance(ms);
      await setImmediate();
    },
  });
  const runs = new OfflineRuns();
  const collect = async (company: NightItem): Promise<Fate> => {
    const { name, website, ticker, cik, night } = company;
    const source = { name, site: website ?? '', ticker: ticker ?? '', cik: Number(cik), ...(news && { news }) };
    for (;;) {
      const found = await collectSources(source, { fetcher, night, edgar: SEC_STAND_IN });
      if (found.kind === 'collected')
        return { ...found, documents: found.documents.map((each) => keptDocument(company, each, digest)) };
      clock.advance(Math.max(1, found.at - clock.now()));
    }
  };
  const briefs: Brief[] = [];
  for (let index = 0; index < nights; index += 1) {
    web.setNight(index);
    const night = new Date(FIRST + index * DAY_MS).toISOString().slice(0, 10);
    const fates: [NightItem, Fate][] = [];
    for (const company of simulatedCompanies(web)) {
      const { id, ...more } = company;
      const each = item(id, night, { ...more, space: 'simulated-1-50' });
      fates.push([each, await collect(each)]);
    }
    briefs.push(await runs.run(`run-${night}`, fates));
  }
  return { briefs, quality: qualityOf(briefs, web), messages: runs.messages };
}

import { createHash, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { startSimulatedWeb, type SimulatedWebOptions } from '@agent-fleet/simulated-web';
import { s3Snapshots } from '#adapters/s3/snapshots.ts';
import { webFetcher } from '#adapters/web/fetcher.ts';
import { canonicalUrl } from '#core/web/canonical.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { inMemoryHostPaceStore } from '#test/support/fakes/in-memory-host-pace-store.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';
import { briefOf } from '../../brief/brief.ts';
import type { Brief } from '../../brief/schema.ts';
import type { Source } from '../../claims/claim.ts';
import { standsIn } from '../../claims/quotes.ts';
import { simulatedCompanies } from '../../cli/companies.ts';
import { qualityOf, type Quality } from '../../cli/quality.ts';
import { DEFAULT_RUBRIC } from '../../score/rubric.ts';
import { collectSources } from '../../sources/collect.ts';
import { SEC_STAND_IN } from '../../sources/edgar.ts';
import { OfflineNights } from '../night/offline.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.parse('2026-11-02T00:00:00Z');

/** Nights of the simulated web without a fleet: the same scouts, agents, checks and briefs, by a clock that does not wait. */
export async function simulatedNights(
  nights: number,
  options: SimulatedWebOptions,
): Promise<{ readonly briefs: readonly Brief[]; readonly quality: Quality; readonly offline: OfflineNights }> {
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
      digest: (content) => createHash('sha256').update(content).digest('hex'),
    },
    contact: 'https://fleet.example/crawler',
    standIn: { address: '127.0.0.1', port: web.port },
    limits: { redirects: 5, timeMs: 2_000, bytes: 1_000_000 },
    delay: async (ms) => {
      clock.advance(ms);
      await setImmediate();
    },
  });
  const offline = new OfflineNights({
    collect: async ({ name, website, ticker, cik }, night) => {
      const company = { name, site: website ?? '', ticker: ticker ?? '', cik: Number(cik) };
      for (;;) {
        const found = await collectSources(company, { fetcher, night, edgar: SEC_STAND_IN });
        if (found.kind === 'collected') return found;
        clock.advance(Math.max(1, found.at - clock.now()));
      }
    },
  });
  const briefs: Brief[] = [];
  for (let index = 0; index < nights; index += 1) {
    web.setNight(index);
    const night = new Date(FIRST + index * DAY_MS).toISOString().slice(0, 10);
    const result = await offline.run(simulatedCompanies(web), { night, maxPairs: 120 });
    const claims = result.rows.flatMap((row) => [...row.fresh, ...row.changed.map(({ claim }) => claim)]);
    const held = new Set<string>();
    for (const { url, quote } of claims.flatMap(({ sources }) => sources)) {
      const snapshot = await snapshots.newest(canonicalUrl(url), night);
      if (snapshot?.kind === 'page' && standsIn(quote, snapshot.text)) held.add(`${quote} ${url}`);
    }
    const holds = ({ url, quote }: Source): boolean => held.has(`${quote} ${url}`);
    const [briefAt, due] = [Date.parse(`${night}T22:00:00Z`), Date.parse(`${night}T22:00:00Z`) + 9 * 3_600_000];
    briefs.push(briefOf(result, { rubric: DEFAULT_RUBRIC, briefAt, due, simulated: true, simulatedWeb: true, holds }));
  }
  return { briefs, quality: qualityOf(briefs, web), offline };
}

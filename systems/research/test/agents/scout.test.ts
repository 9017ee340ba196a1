import { expect, test } from 'vitest';
import { withServices } from '#core/agents/define-agent.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { scout, type ScoutServices } from '../../agents/scout.ts';
import { item, kept } from '../night/offline-run.ts';

const NOW = Date.parse('2026-11-10T22:00:00Z');
const artifacts = inMemoryArtifacts();
const ACME = item('Acme', '2026-11-10');
const found = { documents: [kept('s1', 'Acme launched a drill.')], failures: [] };

function scoutThat(fetch: ScoutServices['fetch']) {
  const asked: string[] = [];
  const agent = withServices(scout, {
    fetch: (...given) => {
      asked.push(given[1].id);
      return fetch(...given);
    },
    keep: (tenant, { id }) => Promise.resolve(`collected/${tenant}/${id}`),
    now: () => NOW,
  });
  const prepare = async (input: object, deadline = NOW + 3_600_000) =>
    (await agent.prepare(input, { artifacts, tenant: 'acme', deadline })).answer;
  return { prepare, asked };
}

test('answers with the key of what it collected', async () => {
  const { prepare } = scoutThat(() => Promise.resolve({ kind: 'collected', ...found }));
  expect(await prepare(ACME)).toEqual({
    output: { collected: 'collected/acme/Acme', documents: 1, failures: [] },
    warnings: [],
  });
});

test('asks no site for a company without a site, a ticker and a number at the SEC', async () => {
  const { prepare, asked } = scoutThat(() => Promise.reject(new Error('no site')));
  expect(await prepare({ ...ACME, website: null })).toMatchObject({ output: { collected: null, documents: 0 } });
  expect(asked).toEqual([]);
});

test('looks a company with a ticker alone up at the SEC', async () => {
  const { prepare, asked } = scoutThat(() => Promise.resolve({ kind: 'collected', ...found }));
  expect(await prepare({ ...ACME, website: null, ticker: 'ACME' })).toMatchObject({ output: { documents: 1 } });
  expect(asked).toEqual(['Acme']);
});

test('I5: a site that asks to wait parks the task until then', async () => {
  const { prepare } = scoutThat(() => Promise.resolve({ kind: 'later', at: NOW + 60_000, ...found }));
  await expect(prepare(ACME)).rejects.toMatchObject({ failure: { kind: 'throttled', retryAfterMs: 60_000 } });
});

test.each([
  ['longer than a night can wait', NOW + 31 * 60_000, NOW + 9 * 3_600_000],
  ['beyond the deadline of the stage', NOW + 60_000, NOW + 62_000],
  // The worker stretches a wait by up to a quarter.
  ['until just before the deadline of the stage', NOW + 20 * 60_000, NOW + 24 * 60_000],
])('ends with what it has if a site asks to wait %s', async (_, at, deadline) => {
  const failures = [{ url: 'https://acme.example/', reason: 'The site asked to wait.' }];
  const { prepare } = scoutThat(() => Promise.resolve({ kind: 'later', at, documents: found.documents, failures }));
  expect(await prepare(ACME, deadline)).toMatchObject({ output: { documents: 1, failures } });
});

test('lists at most 20 failures, and says how many there are more', async () => {
  const failures = Array.from({ length: 25 }, (_, at) => ({
    url: `https://acme.example/${at}`,
    reason: 'x'.repeat(999),
  }));
  const { prepare } = scoutThat(() => Promise.resolve({ kind: 'collected', documents: [], failures }));
  const answer = await prepare(ACME);
  expect(answer).toMatchObject({ output: { collected: null }, warnings: ['5 more failures are left out.'] });
  expect(JSON.stringify(answer).length).toBeLessThan(10_000);
});

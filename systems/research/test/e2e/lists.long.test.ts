import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { listResultKey } from '#core/runs/take-list.ts';
import { briefKey } from '../../night/brief-of-run.ts';
import { startNightFleet, type NightFleet } from './night-fleet.ts';

/** Lists that are put into the bucket, on the local cloud. Nobody knows where their companies are, so no site is fetched. */

let nights: NightFleet;
beforeAll(async () => {
  nights = await startNightFleet({
    web: { companies: 1 },
    context: { 'research.lists': '{"maxUsd":1}', 'research.contact': 'https://fleet.example/crawler' },
  });
});
afterAll(() => nights[Symbol.asyncDispose]());

const put = (key: string, text: string) => nights.artifacts.put({ bucket: nights.bucket, key }, text, 'text/csv');
const written = (key: string) =>
  vi.waitFor(async () => JSON.parse(await nights.read(key)) as unknown, { timeout: 60_000, interval: 200 });

it('a list starts a run, whose brief has a row for each company', async () => {
  await put('lists/mine.csv', 'name,sector\nNobody knows,Tools\nNor this one,Tools\n');
  const taken = await written(listResultKey('lists/mine.csv'));
  expect(taken).toMatchObject({
    state: 'started',
    items: 2,
    notes: ['Companies without a website, SEC number or ticker: 2. Without a web search nobody looks for them.'],
  });
  const { runId } = taken as { readonly runId: string };
  expect(await written(briefKey(runId))).toMatchObject({
    totals: { companies: 2 },
    companies: [{ state: 'unknown' }, { state: 'unknown' }],
  });
});

it('a bad list is refused beside it, and other objects are no lists', async () => {
  await put('lists/notes.txt', 'name\nAcme');
  await put('uploads/acme.csv', 'name\nAcme');
  await put('lists/bad.csv', 'no names\n1');
  expect(await written(listResultKey('lists/bad.csv'))).toMatchObject({ state: 'refused' });
  await expect(nights.read(listResultKey('lists/notes.txt'))).rejects.toThrow('does not exist');
  await expect(nights.read(listResultKey('uploads/acme.csv'))).rejects.toThrow('does not exist');
});

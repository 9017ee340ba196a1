import { expect, test } from 'vitest';
import type { Snapshot } from '../../claims/accept.ts';
import { accept, reported, snapshot } from './support.ts';

const DEAL = 'Acme will acquire Beta Systems for $200 million in cash.';
const REWORDED = 'In a $200 million transaction, Beta Systems becomes part of Acme.';

/** What a news site printed. */
const printed = (id: string, text: string, host = `${id}.example`): Snapshot => ({
  ...snapshot(id, text),
  url: `https://${host}/${id}`,
  press: true,
});
const told = (id: string, quote = DEAL) => reported(quote, { source: id });

test('what a single news site tells is no news, however many of its pages tell it', () => {
  const pages = [printed('s1', DEAL, 'www.post.test'), printed('s2', `${DEAL} More.`, 'markets.post.test')];
  const { fresh, unconfirmed } = accept([told('s1'), told('s2')], pages);
  expect([fresh, unconfirmed.length]).toEqual([[], 1]);
});

test.each([
  ['a second news site', printed('s2', REWORDED)],
  ['the company', snapshot('s2', REWORDED)],
])('it is news if %s tells the same', (_, other) => {
  const { fresh, unconfirmed } = accept([told('s1'), told('s2', REWORDED)], [printed('s1', DEAL), other]);
  expect(fresh).toMatchObject([{ sources: [{ press: true }, {}] }]);
  expect(unconfirmed).toEqual([]);
});

test('it waits for a later night, also over a night in which its page was not fetched', () => {
  const first = accept([told('s1')], [printed('s1', DEAL)]);
  const without = accept([], [], { ...first, night: '2026-11-12' });
  expect(without.unconfirmed).toEqual(first.unconfirmed);
  const pages = [printed('s4', DEAL, 's1.example'), printed('s1', REWORDED, 'other.example')];
  const { fresh, unconfirmed } = accept([told('s1', REWORDED)], pages, { ...without, night: '2026-11-13' });
  expect(fresh).toMatchObject([{ firstSeen: '2026-11-13', sources: [{}, {}] }]);
  expect(unconfirmed).toEqual([]);
});

test.each([
  ['another site', 'other.example', 1],
  ['the same site', 'news.s1.example', 0],
])('a page that is gone confirms what %s tells on a later night, and is not cited', (_, host, news) => {
  const { unconfirmed: waiting } = accept([told('s1')], [printed('s1', DEAL, 's1.example')]);
  const later = printed('s2', REWORDED, host);
  const { fresh, unconfirmed } = accept([told('s2', REWORDED)], [later], {
    unconfirmed: waiting,
    night: '2026-11-12',
  });
  expect(fresh.map(({ sources }) => sources.map(({ url }) => url))).toEqual(news === 1 ? [[later.url]] : []);
  expect(unconfirmed).toHaveLength(news === 1 ? 0 : 2);
});

test('it waits no longer once the fact is known', () => {
  const { unconfirmed } = accept([told('s1')], [printed('s1', DEAL)]);
  const known = accept([told('s2', REWORDED)], [snapshot('s2', REWORDED)]).fresh;
  expect(accept([], [], { known, unconfirmed, night: '2026-11-12' }).unconfirmed).toEqual([]);
});

test('it waits until it is old, and then counts as nothing', () => {
  const { unconfirmed } = accept([told('s1')], [printed('s1', DEAL)]);
  for (const pages of [[], [printed('s1', DEAL)]]) {
    const later = accept([], pages, { unconfirmed, night: '2027-02-11' });
    expect(later).toMatchObject({ fresh: [], unconfirmed: [], refused: { stale: 0 } });
  }
});

test('a news site alone cannot change a known figure', () => {
  const known = accept([told('s1')], [snapshot('s1', DEAL, '2026-10-20')], { night: '2026-10-20' }).fresh;
  const other = DEAL.replace('200', '300');
  const { changed, fresh, unconfirmed } = accept([told('s2', other)], [printed('s2', other)], { known });
  expect([changed, fresh, unconfirmed.length]).toEqual([[], [], 1]);
});

import { expect, test } from 'vitest';
import { unreadWords } from '../../brief/unread.ts';
import { company, OfflineNights, page } from '../night/offline.ts';
import { row } from './support.ts';

const DENIED = 'The site answered with status 403.';
const submissions = (at: number) => ({
  url: `http://data.sec.test/submissions/CIK000000000${at}.json`,
  reason: DENIED,
  unread: true as const,
});

test('the SEC is named with the number of companies whose filings could not be read, others if they are shared', () => {
  const gone = { url: 'http://www.sec.test/Archives/edgar/data/1/x.htm', reason: 'There is no such page.' };
  const news = { url: 'https://news.example/feed', reason: 'The site took too long.', unread: true as const };
  const own = { url: 'https://own.example/prices', reason: DENIED, unread: true as const };
  const companies = [
    row('a', { failures: [submissions(1), { ...gone, unread: true }, news] }),
    row('b', { failures: [submissions(2), news, own] }),
    row('c', { failures: [gone] }),
  ];
  expect(unreadWords({ companies })).toEqual([
    `Filings of the SEC could not be read for 2 of 3 companies: ${DENIED}`,
    'news.example could not be read for 2 of 3 companies: The site took too long.',
  ]);
});

test('a company is unchanged only if all of its sources could be read, and the first page says which could not', async () => {
  const offline = new OfflineNights();
  const documents = [page('s1', 'Acme launched the Rocket 3, a drill for everybody.')];
  offline.web = { Acme: { documents } };
  await offline.run([company('Acme')], '2026-11-10');
  offline.web = { Acme: { documents, failures: [submissions(1)] } };
  const brief = await offline.brief([company('Acme')], '2026-11-11');
  expect(brief.companies[0]).toMatchObject({ state: 'incomplete', failures: [submissions(1)] });
  expect(brief.totals).toMatchObject({ succeeded: 1, unchanged: 0, incomplete: 1, failed: 0 });
  for (const file of ['brief.html', 'brief.txt']) {
    const text = await offline.runs.file('run-2026-11-11', file);
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(
      /Filings of the SEC could not be read for 1 of 1 company: [^]*0 unchanged, 1 read in part/,
    );
  }
});

test('the reason of a company that was not reached is that of its own site, not of the first failure', async () => {
  const offline = new OfflineNights();
  const sec = { url: 'http://www.sec.test/files/company_tickers.json', reason: 'No such ticker.' };
  const feed = { url: 'http://acme.test/feed', reason: 'It cannot be read.' };
  const home = { url: 'http://acme.test/', reason: 'The host is down.', unread: true as const };
  offline.web = { Acme: { failures: [sec, feed, home] }, Borg: { failures: [sec, submissions(1)] } };
  const { rows } = await offline.run([company('Acme'), company('Borg')]);
  expect(rows.map(({ id, reason }) => [id, reason])).toEqual([
    ['Acme', 'The host is down.'],
    ['Borg', DENIED],
  ]);
});

import { expect, it } from 'vitest';
import { collectSources } from '#systems/research/sources/collect.ts';
import { addressFor } from '#systems/research/sources/news.ts';
import type { Company } from '#systems/research/sources/company.ts';
import { redirectTo, sendPage, smallWeb, type Site, type SmallWeb } from '#test/adapters/web/support.ts';

const NIGHT = '2026-11-23';
const LONG = 'This sentence makes the page long enough to be a document that says something to its reader.';

const item = (path: string, title: string, date = 'Sun, 22 Nov 2026 08:00:00 GMT') =>
  `<item><title>${title}</title><link>http://post.test${path}</link><pubDate>${date}</pubDate></item>`;
const rss =
  (...items: string[]): Site =>
  (_request, response) =>
    sendPage(
      response,
      `<rss version="2.0"><channel><title>Post</title><link>http://post.test/</link>${items.join('')}</channel></rss>`,
      { 'content-type': 'application/rss+xml' },
    );
const story = (title: string) => `<title>${title}</title><article><h1>${title}</h1><p>${title}. ${LONG}</p></article>`;

const post = {
  'post.test/':
    '<title>Post</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"><p>Front page</p>',
  'post.test/feed.xml': rss(
    item('/1', 'Acme buys Bolt'),
    item('/2', 'Acmeville floods'),
    item('/3', 'Rival sues ACME’s founder'),
    item('/4', 'Acme in the archive', 'Sun, 22 Nov 2020 08:00:00 GMT'),
  ),
  'post.test/1': story('Acme buys Bolt'),
  'post.test/2': story('Acmeville floods'),
  'post.test/3': story('Rival sues ACME’s founder'),
  'post.test/4': story('Acme in the archive'),
};

async function collect(web: SmallWeb, company: Company) {
  for (;;) {
    const found = await collectSources(company, { fetcher: web.fetcher, night: NIGHT });
    if (found.kind === 'collected') return found;
    web.clock.advance(Math.max(1, found.at - web.clock.now()));
  }
}

it.each(['http://post.test/', 'http://post.test/feed.xml'])(
  'of %s the new stories are read whose titles name the company',
  async (address) => {
    const web = await smallWeb(post);
    const { documents, failures } = await collect(web, { name: 'Acme Inc.', news: [address] });
    expect(documents.map(({ url, kind, published }) => [url, kind, published?.slice(0, 10)])).toEqual([
      ['http://post.test/1', 'press', '2026-11-22'],
      ['http://post.test/3', 'press', '2026-11-22'],
    ]);
    expect(failures.filter(({ url }) => url !== '')).toEqual([]);
  },
);

it('a site that is down is a failure, and the others are read', async () => {
  const web = await smallWeb(post);
  const news = ['http://down.test/', 'http://post.test/1', 'http://post.test/'];
  const { documents, failures } = await collect(web, { name: 'Acme', news });
  expect(documents).toHaveLength(2);
  expect(failures.map(({ url, reason }) => [url, reason])).toEqual(
    expect.arrayContaining([
      ['http://down.test/', expect.any(String)],
      ['http://post.test/1', 'The feed cannot be read.'],
    ]),
  );
});

it('takes no place from the company’s own pages', async () => {
  const own = Object.fromEntries(
    Array.from({ length: 10 }, (_, at) => [`acme.test/news/${at}`, story(`Own story number ${at} of ten`)]),
  );
  const links = Object.keys(own).map((path) => `<a href="http://${path}">story</a>`);
  const site = { ...own, 'acme.test/': `<title>Acme</title><p>${LONG}</p>${links.join('')}` };
  const web = await smallWeb({ ...post, ...site });
  const [without, with2] = [
    await collect(web, { name: 'Acme', site: 'acme.test' }),
    await collect(web, { name: 'Acme', site: 'acme.test', news: ['http://post.test/'] }),
  ];
  expect(with2.documents.length).toBe(without.documents.length + 2);
});

it.each([
  [
    'redirects to',
    { 'post.test/1': redirectTo('http://acme.test/news/1'), 'acme.test/news/1': story('Acme buys Bolt') },
  ],
  ['has the text of', { 'post.test/1': story('Acme buys Bolt'), 'acme.test/news/1': story('Acme buys Bolt') }],
])('a story that %s the company’s own page is the company’s word', async (_, pages) => {
  const home = `<title>Acme</title><p>${LONG}</p><a href="http://acme.test/news/1">story</a>`;
  const web = await smallWeb({ ...post, ...pages, 'acme.test/': home });
  const { documents } = await collect(web, { name: 'Acme', site: 'acme.test', news: ['http://post.test/'] });
  expect(documents.map(({ url, kind }) => [url, kind])).toEqual([
    ['http://acme.test/news/1', 'news'],
    ['http://post.test/3', 'press'],
    ['http://acme.test/', 'home'],
  ]);
});

it('an address may name the company, and one by ticker is for companies that have one', () => {
  const template = 'https://post.test/rss?q={name}&s={ticker}';
  expect(addressFor(template, { name: 'Ben & Jerry', ticker: 'BJ' })).toBe(
    'https://post.test/rss?q=Ben%20%26%20Jerry&s=BJ',
  );
  expect(addressFor(template, { name: 'Acme' })).toBeNull();
  expect(addressFor('https://post.test/', { name: 'Acme' })).toBe('https://post.test/');
});

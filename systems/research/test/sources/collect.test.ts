import { describe, expect, it } from 'vitest';
import { collectSources, collectUntil, type CollectOptions } from '#systems/research/sources/collect.ts';
import type { Company } from '#systems/research/sources/company.ts';
import { SEC_STAND_IN } from '#systems/research/sources/edgar.ts';
import { sendPage, smallWeb, type Site, type SmallWeb } from '#test/adapters/web/support.ts';

const NIGHT = '2026-11-23';
const NEXT_NIGHT = '2026-11-24';
const LONG = 'This sentence makes the page long enough to be a document that says something to its reader.';

const typed =
  (type: string, body: string): Site =>
  (_request, response) =>
    sendPage(response, body, { 'content-type': type });

const item = (path: string, title: string, date: string) =>
  `<item><title>${title}</title><link>http://acme.test${path}</link><pubDate>${date}</pubDate></item>`;
const story = (title: string, text: string) =>
  `<title>${title}</title><nav>Home Pricing</nav><article><h1>${title}</h1><p>${text} ${LONG}</p></article>`;

const acme = {
  'acme.test/robots.txt': 'User-agent: *\nDisallow: /private\nSitemap: http://acme.test/sitemap.xml',
  'acme.test/':
    '<title>Acme</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">' +
    `<p>${LONG}</p><a href="/pricing">Pricing</a><a href="/about/careers">Careers</a><a href="http://elsewhere.test/pricing">x</a>`,
  'acme.test/sitemap.xml': typed(
    'application/xml',
    '<urlset><url><loc>http://acme.test/news/old</loc><lastmod>2019-01-01</lastmod></url>' +
      '<url><loc>http://acme.test/news/second</loc><lastmod>2026-11-20</lastmod></url>' +
      '<url><loc>http://acme.test/private/news/third</loc><lastmod>2026-11-22</lastmod></url></urlset>',
  ),
  'acme.test/feed.xml': typed(
    'application/rss+xml',
    `<rss version="2.0"><channel><title>Acme</title><link>http://acme.test/</link>${item('/news/first', 'Acme buys Bolt', 'Sun, 22 Nov 2026 08:00:00 GMT')}</channel></rss>`,
  ),
  'acme.test/news/first': story('Acme buys Bolt', 'Acme buys Bolt for $5 million.'),
  'acme.test/news/second': story('A new plant', 'Acme opens a plant.'),
  'acme.test/pricing': `<title>Pricing</title><p>Basic costs $5 a month.</p><p>${LONG}</p>`,
  'acme.test/about/careers': `<title>Careers</title><p>Engineer, Berlin.</p><p>Welder, Ghent.</p><p>Acme hires. ${LONG}</p>`,
};

async function collect(web: SmallWeb, company: Company, options: Partial<CollectOptions> = {}) {
  for (;;) {
    const found = await collectSources(company, {
      fetcher: web.fetcher,
      night: NIGHT,
      edgar: SEC_STAND_IN,
      ...options,
    });
    if (found.kind === 'collected') return found;
    web.clock.advance(Math.max(1, found.at - web.clock.now()));
  }
}

describe('the sources of a company', () => {
  it('keep no other source waiting when one of them asks to wait', async () => {
    const busy: Site = (_request, response) => {
      response.writeHead(429, { 'retry-after': '600' }).end();
    };
    const web = await smallWeb({ ...acme, 'data.sec.test/submissions/CIK0000000001.json': busy });
    const company = { name: 'Acme', site: 'acme.test', cik: 1 };
    const ask = () => collectSources(company, { fetcher: web.fetcher, night: NIGHT, edgar: SEC_STAND_IN });
    let found = await ask();
    for (let asked = 1; asked < 20 && 'at' in found && found.at < web.clock.now() + 300_000; asked += 1) {
      web.clock.advance(Math.max(1, found.at - web.clock.now()));
      found = await ask();
    }
    expect(found).toMatchObject({
      kind: 'later',
      soFar: { failures: [{ reason: 'The site asked to wait.' }, {}], documents: [{ kind: 'news' }, {}, {}, {}, {}] },
    });
  });

  it('are its news, prices, jobs and home page, each once, with titles and dates', async () => {
    const web = await smallWeb(acme);
    const { documents, failures, unchanged } = await collect(web, { name: 'Acme', site: 'acme.test' });
    expect(documents.map(({ id, kind, url, title, published }) => [id, kind, url, title, published])).toEqual([
      ['s1', 'news', 'http://acme.test/news/first', 'Acme buys Bolt', '2026-11-22T08:00:00.000Z'],
      ['s2', 'news', 'http://acme.test/news/second', 'A new plant', '2026-11-20'],
      ['s3', 'pricing', 'http://acme.test/pricing', 'Pricing', undefined],
      ['s4', 'jobs', 'http://acme.test/about/careers', 'Careers', undefined],
      ['s5', 'home', 'http://acme.test/', 'Acme', undefined],
    ]);
    expect(documents[0]?.text).toContain('Acme buys Bolt for $5 million.');
    expect(documents[0]?.text).not.toContain('Home Pricing');
    expect(failures).toEqual([
      { url: 'http://acme.test/private/news/third', reason: "The site's robots.txt forbids it." },
    ]);
    expect(unchanged).toBe(false);
  });

  it('are unchanged on the next night if no text differs', async () => {
    const web = await smallWeb(acme);
    await collect(web, { name: 'Acme', site: 'acme.test' });
    const same = await collect(web, { name: 'Acme', site: 'acme.test' }, { night: NEXT_NIGHT });
    expect(same.unchanged).toBe(true);
    const changed = await smallWeb({
      ...acme,
      'acme.test/pricing': `<title>Pricing</title><p>Basic costs $7 a month.</p><p>${LONG}</p>`,
    });
    await collect(web, { name: 'Acme', site: 'acme.test' });
    const third = await collect(
      { ...changed, fetcher: web.another({ standIn: { address: '127.0.0.1', port: changed.port } }), clock: web.clock },
      { name: 'Acme', site: 'acme.test' },
      { night: '2026-11-25' },
    );
    expect(third.unchanged).toBe(false);
    expect(third.documents.filter((document) => document.changed).map(({ kind }) => kind)).toEqual(['pricing']);
  });

  it('are the same when the night is taken up again, without a further request', async () => {
    const web = await smallWeb(acme);
    const first = await collect(web, { name: 'Acme', site: 'acme.test' });
    const asked = web.asked.length;
    const again = await collect({ ...web, fetcher: web.another() }, { name: 'Acme', site: 'acme.test' });
    expect(again.documents).toEqual(first.documents);
    expect(web.asked).toHaveLength(asked);
  });

  it('are found by links where there is neither feed nor sitemap', async () => {
    const web = await smallWeb({
      'acme.test/': `<p>${LONG}</p><a href="/newsroom">Newsroom</a>`,
      'acme.test/newsroom': `<p>${LONG}</p><a href="/newsroom/2026/a">A</a><a href="/terms">Terms</a>`,
      'acme.test/newsroom/2026/a': story('A', 'Something happened.'),
    });
    const { documents } = await collect(web, { name: 'Acme', site: 'http://acme.test' });
    expect(documents.map(({ url }) => url)).toEqual(['http://acme.test/newsroom/2026/a', 'http://acme.test/']);
  });

  it('keep to the budget', async () => {
    const stories = Array.from({ length: 40 }, (_, index) => `/news/${index}`);
    const web = await smallWeb({
      ...acme,
      'acme.test/sitemap.xml': typed(
        'application/xml',
        `<urlset>${stories.map((path) => `<url><loc>http://acme.test${path}</loc></url>`).join('')}</urlset>`,
      ),
      ...Object.fromEntries(stories.map((path) => [`acme.test${path}`, story(path, `Story ${path}.`)])),
    });
    const { documents } = await collect(
      web,
      { name: 'Acme', site: 'acme.test' },
      { budget: { pages: 6, characters: 100_000 } },
    );
    expect(documents.map(({ kind }) => kind)).toEqual(['news', 'news', 'news', 'pricing', 'jobs', 'home']);
    expect(web.asked.length).toBeLessThan(12);
  });

  it('that are none say why', async () => {
    const web = await smallWeb({ 'down.test/robots.txt': (request) => void request.socket.destroy() });
    const none = await collect(web, { name: 'Nobody' });
    expect(none).toMatchObject({ documents: [], unchanged: false, failures: [{ url: '' }] });
    const down = await collect(web, { name: 'Down', site: 'down.test' });
    expect(down).toMatchObject({ documents: [], unchanged: false, failures: [{ url: 'http://down.test/' }] });
    const local = await collect(web, { name: 'Local', site: 'http://169.254.169.254/' });
    expect(local).toMatchObject({ documents: [], failures: [{ url: 'http://169.254.169.254/' }] });
    expect(web.asked.filter((path) => path !== 'down.test/robots.txt')).toEqual([]);
  });
});

describe('a caller that cannot park', () => {
  const patient = (web: SmallWeb, until: number) => ({
    fetcher: web.fetcher,
    night: NIGHT,
    now: () => web.clock.now(),
    delay: async (ms: number) => web.clock.advance(ms),
    signal: new AbortController().signal,
    until,
  });

  it('waits as often as a site asks', async () => {
    let asked = 0;
    const web = await smallWeb({
      ...acme,
      'acme.test/pricing': (_request, response) => {
        asked += 1;
        if (asked === 1) response.writeHead(429, { 'retry-after': '30' }).end();
        else sendPage(response, acme['acme.test/pricing']);
      },
    });
    const found = await collectUntil({ name: 'Acme', site: 'acme.test' }, patient(web, Number.POSITIVE_INFINITY));
    expect(found.documents.map(({ kind }) => kind)).toContain('pricing');
    expect(asked).toBe(2);
  });

  it('gets what there is when its time is over, and learns who asked to wait', async () => {
    const web = await smallWeb({
      ...acme,
      'acme.test/pricing': (_request, response) => void response.writeHead(429, { 'retry-after': '600' }).end(),
    });
    const found = await collectUntil({ name: 'Acme', site: 'acme.test' }, patient(web, web.clock.now() + 60_000));
    expect(found.documents.map(({ kind }) => kind)).toEqual(['news', 'news']);
    expect(found.failures).toContainEqual({
      url: 'http://acme.test/pricing',
      reason: 'The site asked to wait.',
      unread: true,
    });
  });
});

describe('reports to the SEC', () => {
  const recent = {
    accessionNumber: ['0000320193-26-000002', '0000320193-26-000001', '0000320193-24-000009', '../../etc'],
    filingDate: ['2026-11-20', '2026-11-19', '2024-01-01', '2026-11-20'],
    form: ['8-K', '10-Q', '8-K', '8-K'],
    items: ['2.02,9.01', '', '5.02', '1.01'],
    primaryDocument: ['results.htm', 'q.htm', 'old.htm', 'x.htm'],
  };
  const sec = {
    'www.sec.test/files/company_tickers.json': typed(
      'application/json',
      '{"0":{"cik_str":320193,"ticker":"ACME","title":"Acme Inc."},"1":{"cik_str":1,"ticker":"BRK-B","title":"B"}}',
    ),
    'data.sec.test/submissions/CIK0000320193.json': typed(
      'application/json',
      JSON.stringify({ name: 'Acme Inc.', filings: { recent } }),
    ),
    'www.sec.test/Archives/edgar/data/320193/000032019326000002/results.htm': `<p>Acme reports results. ${LONG}</p>`,
  };

  it('are the newest current ones, found by the ticker', async () => {
    const web = await smallWeb(sec);
    const { documents, failures } = await collect(web, { name: 'Acme', ticker: 'acme' });
    expect(failures).toEqual([]);
    expect(documents).toMatchObject([
      {
        id: 's1',
        kind: 'filing',
        url: 'http://www.sec.test/Archives/edgar/data/320193/000032019326000002/results.htm',
        title: '8-K of 2026-11-20: results',
        published: '2026-11-20',
        changed: true,
      },
    ]);
  });

  it('are found by the CIK without the list of tickers', async () => {
    const web = await smallWeb(sec);
    const { documents } = await collect(web, { name: 'Acme', cik: 320_193 });
    expect(documents).toHaveLength(1);
    expect(web.asked).not.toContain('www.sec.test/files/company_tickers.json');
  });

  it('of an unknown ticker are a failure with a remedy', async () => {
    const web = await smallWeb(sec);
    const { failures } = await collect(web, { name: 'Other', ticker: 'OTHR' });
    expect(failures[0]?.reason).toContain('Give its CIK instead');
  });
});

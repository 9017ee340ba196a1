import { describe, expect, it } from 'vitest';
import { get, pagesOf, sitemapOf, startWeb } from './support.ts';

describe('A night', () => {
  it('has the same bytes for the same seed, whatever was asked before', async () => {
    const [one, other] = [await startWeb({ companies: 12, night: 2 }), await startWeb({ companies: 12 })];
    other.truth(5);
    other.setNight(2);
    const [company] = one.companies;
    const urls = [
      ...(await sitemapOf(one, company?.host ?? '')),
      'http://news-1.test/',
      'http://news-2.test/sitemap.xml',
    ];
    for (const url of urls) expect((await get(other, url)).body).toBe((await get(one, url)).body);
    expect(one.truth(2)).toEqual(other.truth(2));
    const third = await startWeb({ companies: 12, night: 2, seed: 2 });
    expect(third.companies.map(({ id }) => id)).not.toEqual(one.companies.map(({ id }) => id));
  });

  it('changes about a twentieth of the companies, and leaves the others byte for byte', async () => {
    const web = await startWeb({ companies: 60, faults: { share: 0 } });
    const pagesOf = async () => {
      const pages = new Map<string, string>();
      for (const { id, site } of web.companies) pages.set(id, (await get(web, site)).body);
      return pages;
    };
    const before = await pagesOf();
    web.setNight(1);
    const after = await pagesOf();
    const changed = web.companies.map(({ id }) => id).filter((id) => before.get(id) !== after.get(id));
    const eventful = new Set(web.truth(1).map(({ company }) => company));
    expect(eventful.size).toBe(3);
    // Not every event is told on the company's own site.
    expect(changed.filter((id) => !eventful.has(id))).toEqual([]);
    expect(changed.length).toBeGreaterThan(0);
  });

  it('leaves every page of a company to which nothing happens', async () => {
    const web = await startWeb({ companies: 30, faults: { share: 0 } });
    const eventful = new Set(web.truth(1).map(({ company }) => company));
    const quiet = web.companies.filter(({ id }) => !eventful.has(id)).slice(0, 10);
    const urls = (await Promise.all(quiet.map(({ host }) => pagesOf(web, host)))).flat();
    expect(urls.length).toBeGreaterThan(60);
    const tags = new Map<string, string>();
    for (const url of urls) tags.set(url, (await get(web, url)).headers.etag ?? '');
    web.setNight(1);
    for (const url of urls) {
      expect((await get(web, url, { 'if-none-match': tags.get(url) ?? '' })).status).toBe(304);
    }
  });

  it('has one event of a kind for a company, and no address twice', async () => {
    const web = await startWeb({ companies: 500, change: 1, faults: { share: 0 } });
    const events = web.truth(1);
    const kinds = events.map(({ company, kind }) => `${company} ${kind.replace(/-(?:cut|rise)$/, '')}`);
    expect(new Set(kinds).size).toBe(kinds.length);
    const urls = events.flatMap(({ told }) => told.map(({ via, url }) => `${via} ${url}`));
    expect(new Set(urls).size).toBe(urls.length);
  });

  it('answers 304 to whoever has the page, until it changes', async () => {
    const web = await startWeb({ companies: 5, faults: { share: 0 } });
    const event = [1, 2, 3, 4]
      .flatMap((night) => web.truth(night))
      .find(({ told }) => told.some(({ via }) => via === 'site'));
    const { site = '' } = web.companies.find(({ id }) => id === event?.company) ?? {};
    const { status, headers } = await get(web, site);
    expect(status).toBe(200);
    const [etag = '', modified = ''] = [headers.etag, headers['last-modified']];
    const conditions = [{ 'if-none-match': etag }, { 'if-modified-since': modified }];
    for (const condition of conditions) {
      expect(await get(web, site, condition)).toMatchObject({ status: 304, body: '' });
    }
    expect((await get(web, site, { 'if-none-match': '"another"', 'if-modified-since': modified })).status).toBe(200);
    web.setNight(event?.night ?? 0);
    for (const condition of conditions) expect((await get(web, site, condition)).status).toBe(200);
    expect(web.requests().filter(({ conditional }) => conditional)).toHaveLength(5);
  });
});

import { describe, expect, it } from 'vitest';
import { get, startWeb, textOf } from './support.ts';

interface Submissions {
  readonly cik: string;
  readonly tickers: readonly string[];
  readonly filings: { readonly recent: Readonly<Record<string, readonly (string | number)[]>> };
}

describe('EDGAR', () => {
  it('has the submissions of a company as parallel arrays, and the documents that they name', async () => {
    const web = await startWeb({ companies: 30, faults: { share: 0 } });
    const event = web.truth(0).find(({ kind }) => kind === 'results');
    const company = web.companies.find(({ id }) => id === event?.company);
    const { body } = await get(web, `http://data.sec.test/submissions/CIK${company?.cik}.json`);
    const { cik, tickers, filings } = JSON.parse(body) as Submissions;
    expect([cik, tickers]).toEqual([company?.cik, [company?.ticker]]);
    const { recent } = filings;
    const [accessions = [], documents = [], items = []] = ['accessionNumber', 'primaryDocument', 'items'].map(
      (name) => recent[name],
    );
    expect(new Set(Object.values(recent).map(({ length }) => length)).size).toBe(1);
    const index = items.indexOf('2.02,9.01');
    const folder = `${Number(cik)}/${String(accessions[index]).replaceAll('-', '')}`;
    const telling = event?.told.find(({ via }) => via === 'filing');
    const url = `http://www.sec.test/Archives/edgar/data/${folder}/${documents[index]}`;
    expect(
      web
        .truth(0)
        .flatMap(({ told }) => told)
        .map((each) => each.url),
    ).toContain(url);
    const page = await get(web, telling?.url ?? '');
    expect(textOf(page.body, telling?.paragraph ?? '')).toContain(telling?.sentence);
  });

  it('lists the companies', async () => {
    const web = await startWeb({ companies: 3 });
    const { body } = await get(web, 'http://www.sec.test/files/company_tickers.json');
    expect(Object.values(JSON.parse(body) as object)).toEqual(
      web.companies.map(({ cik, ticker, name }) => ({ cik_str: Number(cik), ticker, title: name })),
    );
  });

  it('rejects whoever does not say who it is, and whoever asks too often', async () => {
    let now = 0;
    const web = await startWeb({ companies: 1, now: () => now });
    const url = 'http://www.sec.test/files/company_tickers.json';
    expect((await get(web, url, { 'user-agent': 'node' })).status).toBe(403);
    for (let each = 0; each < 10; each += 1) expect((await get(web, url)).status).toBe(200);
    expect((await get(web, url)).status).toBe(403);
    now = 599_000;
    expect((await get(web, url)).status).toBe(403);
    now = 601_000;
    expect((await get(web, url)).status).toBe(200);
  });
});

describe('The search', () => {
  it('finds pages about a company, with their age', async () => {
    const web = await startWeb({ companies: 30, faults: { share: 0 } });
    const [{ name, site } = { name: '', site: '' }] = web.companies;
    const { body } = await get(web, `http://search.test/search?q=${encodeURIComponent(`${name} news`)}&count=3`);
    const { results } = JSON.parse(body) as { results: { url: string; title: string; page_age: string | null }[] };
    expect(results).toHaveLength(3);
    expect(results.find(({ url }) => url === site)?.page_age ?? null).toBeNull();
    for (const { url } of results) expect((await get(web, url)).status).toBe(200);
    expect((await get(web, 'http://search.test/search')).status).toBe(400);
    expect(JSON.parse((await get(web, 'http://search.test/search?q=qwertz')).body)).toMatchObject({ results: [] });
  });
});

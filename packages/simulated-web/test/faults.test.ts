import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FAULTS, type FaultName, type SimulatedWeb } from '../src/index.ts';
import { AGENT, get, pagesOf, startFaulty, startWeb } from './support.ts';

/** The page that a page fault adds: the one that a web without the fault does not have. */
async function faultyPage(fault: FaultName) {
  const { web, company } = await startFaulty(fault);
  const healthy = await startWeb({ faults: { share: 0 } });
  const [urls, before] = [await pagesOf(web, company.host), await pagesOf(healthy, company.host)];
  const added = urls.filter((url) => !before.includes(url));
  expect(added).toHaveLength(1);
  return { web, company, url: added[0] ?? '' };
}

/** Begins to read a page and returns the response as it comes. */
async function open(web: SimulatedWeb, url: string): Promise<IncomingMessage> {
  const { host, pathname } = new URL(url);
  const headers = { host, 'user-agent': AGENT };
  const outgoing = request({ host: '127.0.0.1', port: web.port, path: pathname, headers, agent: false }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return response;
}

describe('robots.txt', () => {
  it.each([
    ['robots-500', 500, /error/],
    ['robots-404', 404, /not found/],
    ['robots-403', 403, /Forbidden/],
    ['robots-html', 200, /<html/],
    ['robots-disallow', 200, /^Disallow: \/$/m],
    ['crawl-delay', 200, /^Crawl-delay: 2$/m],
  ] as const)('has %s', async (fault, status, body) => {
    const { web, company } = await startFaulty(fault);
    const got = await get(web, `${company.site}robots.txt`);
    expect(got.status).toBe(status);
    expect(got.body).toMatch(body);
    expect((await get(web, company.site)).status).toBe(200);
  });
});

describe('A host', () => {
  it('closes the connection when it is dead', async () => {
    const { web, company } = await startFaulty('dead');
    await expect(get(web, company.site)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(web.requests()).toMatchObject([{ host: company.host, status: 0 }]);
  });

  it.each([
    ['rate-limit', 429],
    ['unavailable', 503],
  ] as const)('asks to wait for a second after the first page of a night: %s', async (fault, status) => {
    let now = 5_000;
    const { web, company } = await startFaulty(fault, { now: () => now });
    expect((await get(web, `${company.site}robots.txt`)).status).toBe(200);
    expect(await get(web, company.site)).toMatchObject({ status, headers: { 'retry-after': '1' } });
    now += 1_000;
    expect((await get(web, company.site)).status).toBe(200);
    web.setNight(1);
    expect((await get(web, company.site)).status).toBe(status);
  });

  it('sends ISO-8859-1 without a charset', async () => {
    const { web, company } = await startFaulty('latin-1');
    const bytes: string[] = [];
    for (const url of await pagesOf(web, company.host)) {
      const got = await get(web, url, {}, 'latin1');
      expect(got.headers['content-type']).toBe('text/html');
      expect(got.body).not.toContain('charset');
      bytes.push(got.body);
    }
    // The sign of a copyright is one byte, and quotation marks are references.
    expect(bytes.join('')).toMatch(/[^Â]©|&#8220;/);
    expect(bytes.join('')).not.toMatch(/â€|Â©/);
  });

  it('sends UTF-8 that it calls ISO-8859-1', async () => {
    const { web, company } = await startFaulty('wrong-charset');
    const got = await get(web, company.site);
    expect(got.headers['content-type']).toBe('text/html; charset=iso-8859-1');
    expect(got.body).toContain('<meta charset="utf-8">');
  });

  it('shows nothing without JavaScript', async () => {
    const { web, company } = await startFaulty('js-only');
    const { body } = await get(web, company.site);
    expect(body).toContain('enable JavaScript');
    expect(body).not.toContain(company.name);
    expect(
      web
        .truth(0)
        .flatMap(({ told }) => told.filter(({ host }) => host === company.host))
        .some(({ readable }) => readable),
    ).toBe(false);
  });

  it('asks for a password before its articles', async () => {
    const { web, company } = await startFaulty('login-wall');
    const articles = (await pagesOf(web, company.host)).slice(4);
    for (const url of articles) expect(await get(web, url)).toMatchObject({ status: 302 });
    const { headers } = await get(web, articles[0] ?? '');
    expect((await get(web, new URL(headers.location ?? '', company.site).href)).body).toContain('type="password"');
  });

  it('says 200 of a page that does not exist', async () => {
    const { web, company } = await startFaulty('soft-404');
    const { status, body } = await get(web, `${company.site}nowhere`);
    expect(status).toBe(200);
    expect(body).toContain('Page not found');
  });

  it('is gone from one night on', async () => {
    const { web, company } = await startFaulty('gone-since-yesterday');
    expect((await get(web, company.site)).status).toBe(200);
    web.setNight(1);
    expect((await get(web, company.site)).status).toBe(404);
  });
});

describe('A page', () => {
  it.each([
    ['redirect-metadata', 'http://169.254.169.254/latest/meta-data/iam/security-credentials/'],
    ['redirect-mapped', 'http://[::ffff:127.0.0.1]/latest/'],
    ['redirect-private', 'http://intranet.internal/payroll'],
  ] as const)('has %s', async (fault, location) => {
    const { web, url } = await faultyPage(fault);
    expect((await get(web, url)).headers.location).toBe(location);
  });

  it('redirects in a loop', async () => {
    const { web, company, url } = await faultyPage('redirect-loop');
    const next = new URL((await get(web, url)).headers.location ?? '', company.site).href;
    expect(next).not.toBe(url);
    expect(new URL((await get(web, next)).headers.location ?? '', company.site).href).toBe(url);
  });

  it('redirects a hundred times', async () => {
    const { web, company, url } = await faultyPage('redirect-100');
    let at = url;
    let hops = 0;
    for (let got = await get(web, at); got.status === 302; got = await get(web, at)) {
      hops += 1;
      at = new URL(got.headers.location ?? '', company.site).href;
    }
    expect(hops).toBe(100);
  });

  it('is a bomb', async () => {
    const { web, url } = await faultyPage('gzip-bomb');
    const { headers, body } = await get(web, url, {}, 'latin1');
    expect(headers['content-encoding']).toBe('gzip');
    expect(body.length).toBeLessThan(100_000);
    expect(gunzipSync(Buffer.from(body, 'latin1')).length).toBe(64 * 1024 * 1024);
  });

  it('has no end', async () => {
    const { web, url } = await faultyPage('endless-body');
    const response = await open(web, url);
    let bytes = 0;
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      if (bytes > 20_000_000) break;
    }
    expect(bytes).toBeGreaterThan(20_000_000);
  });

  it('comes slowly', async () => {
    const { web, url } = await faultyPage('slow-body');
    const response = await open(web, url);
    const chunks: number[] = [];
    for await (const chunk of response) {
      chunks.push((chunk as Buffer).length);
      if (chunks.length === 3) break;
    }
    expect(chunks.slice(1)).toEqual([4, 4]);
  });
});

describe('A text', () => {
  const injections = Object.keys(FAULTS).filter((fault) => fault.startsWith('injection-'));

  it.each(injections)('has %s, which the list of injections names', async (fault) => {
    const { web } = await startFaulty(fault);
    const [injection] = web.injections();
    expect(injection?.text).toContain(injection?.marker);
    const { body } = await get(web, injection?.url ?? '');
    expect(body.replaceAll('\u200b', '')).toContain(injection?.marker);
    expect(body.includes(injection?.marker ?? '')).toBe(fault !== 'injection-zero-width');
    expect(JSON.stringify([web.truth(0), web.companies])).not.toContain(injection?.marker);
  });

  it.each([
    ['future-date', '2027'],
    ['old-date', '2016'],
  ] as const)('has %s', async (fault, year) => {
    const { web, url } = await faultyPage(fault);
    expect((await get(web, url)).body).toContain(year);
    expect(web.traps(0).find((trap) => trap.url === url)?.trap).toBe(fault);
  });

  it('has another name of the company from night 1 on', async () => {
    const { web, company } = await startFaulty('renamed');
    web.setNight(1);
    const event = web.truth(1).find(({ kind }) => kind === 'rename');
    expect(event?.company).toBe(company.id);
    const { body } = await get(web, company.site);
    expect(body).toContain(`<title>${event?.facts.newName}</title>`);
    const edgar = await get(web, `http://data.sec.test/submissions/CIK${company.cik}.json`);
    expect(JSON.parse(edgar.body)).toMatchObject({
      name: event?.facts.newName,
      formerNames: [{ name: company.name }],
    });
  });

  it('is about another company of the same name', async () => {
    const { web, company } = await startFaulty('namesake');
    const traps = web.traps(0).filter(({ trap }) => trap === 'namesake');
    expect(traps).toHaveLength(2);
    for (const { url, sentence } of traps) {
      const { body } = await get(web, url);
      expect(sentence).toContain(company.name);
      expect(body).toContain('Little Wenham');
    }
  });
});

describe('Faults', () => {
  it('are chosen by the seed, every kind before one twice', async () => {
    const web = await startWeb({ companies: 500 });
    const names = Object.values(web.faults).flat();
    expect(names).toHaveLength(60);
    expect(new Set(names)).toEqual(
      new Set(Object.keys(FAULTS).filter((name) => !['dead', 'unavailable'].includes(name))),
    );
    const half = await startWeb({ companies: 100, faults: { share: 0, dead: 0.05 } });
    expect(Object.values(half.faults)).toEqual(Array.from({ length: 5 }, () => ['dead']));
  });

  it('of a host that does not exist are an error', async () => {
    await expect(startWeb({ faults: { at: { 'nowhere.test': ['dead'] } } })).rejects.toThrow('no host is called');
    await expect(startWeb({ faults: { at: { nobody: ['dead'] } } })).rejects.toThrow('no company has the id');
  });
});

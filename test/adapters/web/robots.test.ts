import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { robotsRules } from '#core/web/robots.ts';
import { insist, NIGHT, secondsOfProcessor, UNHURRIED, paragraphs, redirectTo, sendPage, smallWeb } from './support.ts';

const fetched = async (robots: Parameters<typeof smallWeb>[0][string]) => {
  const web = await smallWeb({
    'shop.test/robots.txt': robots,
    'shop.test/a': paragraphs('hello'),
    'shop.test/private/a': paragraphs('no'),
  });
  return insist(web, 'http://shop.test/a');
};

describe('the status of robots.txt decides', () => {
  it.each([400, 401, 403, 404, 410])('%i: there are no rules', async (status) => {
    expect(
      await fetched((_request, response) => sendPage(response, 'User-agent: *\nDisallow: /', {}, status)),
    ).toMatchObject({ kind: 'page' });
  });

  it.each([500, 502, 503])('%i: nothing may be fetched', async (status) => {
    expect(await fetched((_request, response) => sendPage(response, '', {}, status))).toMatchObject({
      failure: 'robots',
      reason: `The site's robots.txt could not be read, so nothing of it is fetched: The site answered with status ${status}.`,
    });
  });

  it('no answer: nothing may be fetched, and the reason is that of the connection', async () => {
    expect(await fetched((request) => void request.socket.destroy())).toMatchObject({
      failure: 'robots',
      reason: expect.stringMatching(/robots\.txt could not be read, .*: The connection failed or broke \(/),
    });
  });

  it('rules that forbid a page are another reason than no rules', async () => {
    expect(await fetched('User-agent: *\nDisallow: /a')).toMatchObject({
      failure: 'robots',
      reason: "The site's robots.txt forbids it.",
    });
  });

  it.each([
    ['as it is sent', { 'content-encoding': 'gzip' }],
    ['as a file', { 'content-type': 'application/gzip' }],
  ])('a damaged archive, %s: nothing may be fetched', async (_name, headers) => {
    const archive = gzipSync(`User-agent: *\nDisallow: /private\n${'# rules\n'.repeat(100)}`);
    archive.fill(0xff, 12, 40);
    expect(await fetched((_request, response) => sendPage(response, archive, headers))).toMatchObject({
      failure: 'robots',
    });
  });

  it('429: nothing may be fetched, as long as it lasts', () => {
    const rules = robotsRules('http://shop.test/robots.txt', { status: 429, text: '' }, 'agent-fleet');
    expect(rules.mayFetch('http://shop.test/a')).toBe(false);
  });

  it('a page in its place: there are no rules', async () => {
    expect(await fetched('<html><body>Disallow us not</body></html>')).toMatchObject({ kind: 'page' });
  });

  it('more than five redirects: there are no rules', async () => {
    const web = await smallWeb({
      'shop.test/robots.txt': redirectTo('/1'),
      'shop.test/a': paragraphs('hello'),
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, index) => [`shop.test/${index}`, redirectTo(`/${index + 1}`)]),
      ),
    });
    expect(await web.fetcher.fetch({ url: 'http://shop.test/a', night: NIGHT })).toMatchObject({ kind: 'page' });
  });
});

describe('rules', () => {
  const rules = (text: string) => robotsRules('http://shop.test/robots.txt', { status: 200, text }, 'agent-fleet');

  it('are those of our name, else those of all', () => {
    const ours = rules('User-agent: *\nDisallow: /\n\nUser-agent: Agent-Fleet\nDisallow: /private');
    expect(ours.mayFetch('http://shop.test/news')).toBe(true);
    expect(ours.mayFetch('http://shop.test/private/x')).toBe(false);
    expect(rules('User-agent: other\nDisallow: /').mayFetch('http://shop.test/')).toBe(true);
  });

  it('go by the longest match, and allow on a tie', () => {
    const parsed = rules('User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.json$\nDisallow: /c\nAllow: /c');
    expect(
      ['/a/x', '/a/b/x', '/x.json', '/x.json?y', '/c'].map((path) => parsed.mayFetch(`http://shop.test${path}`)),
    ).toEqual([false, true, false, true, true]);
  });

  it('never forbid robots.txt itself, and say nothing of another origin', () => {
    const parsed = rules('User-agent: *\nDisallow: /');
    expect(parsed.mayFetch('http://shop.test/robots.txt')).toBe(true);
    expect(rules('').mayFetch('http://other.test/a')).toBe(false);
    expect(rules('').mayFetch('https://shop.test/a')).toBe(false);
  });

  it('name the delay and the sitemaps', () => {
    const { delayMs, sitemaps } = rules('Sitemap: http://shop.test/s.xml\nUser-agent: *\nCrawl-delay: 2.5');
    expect(delayMs).toBe(2_500);
    expect(sitemaps).toEqual(['http://shop.test/s.xml']);
    expect(rules('User-agent: *\nCrawl-delay: 86400').delayMs).toBe(30_000);
    expect(rules('User-agent: *\nCrawl-delay: soon').delayMs).toBeNull();
  });

  it('that match slowly end soon, and forbid more than they say', () => {
    const parsed = rules(`User-agent: *\n${`Disallow: /${'*a'.repeat(500)}b\n`.repeat(400)}`);
    expect(parsed.mayFetch(`http://shop.test/${'a'.repeat(2_000)}`)).toBe(false);
    expect(secondsOfProcessor(() => parsed.mayFetch(`http://shop.test/${'a'.repeat(2_000)}`))).toBeLessThan(3);
  });
});

describe('a site is asked', () => {
  it('in turn, a second after the last answer, also below other names and by other workers', async () => {
    const web = await smallWeb({
      'www.shop.test/a': paragraphs('a'),
      'news.shop.test/b': paragraphs('b'),
    });
    await web.fetcher.fetch({ url: 'http://www.shop.test/a', night: NIGHT });
    await web.another().fetch({ url: 'http://news.shop.test/b', night: NIGHT });
    expect(web.waits).toEqual([1_000, 1_000, 1_000]);
  });

  it('as slowly as its robots.txt wants', async () => {
    const web = await smallWeb({
      'shop.test/robots.txt': 'User-agent: *\nCrawl-delay: 3',
      'shop.test/a': paragraphs('a'),
      'shop.test/b': paragraphs('b'),
    });
    await web.fetcher.fetch({ url: 'http://shop.test/a', night: NIGHT });
    await web.fetcher.fetch({ url: 'http://shop.test/b', night: NIGHT });
    // The permit is taken in the last second of the delay.
    expect(web.waits).toEqual([1_000, 2_000, 1_000]);
  });

  it('never twice at once', async () => {
    let open = 0;
    let most = 0;
    const slow = (_request: unknown, response: import('node:http').ServerResponse) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        sendPage(response, paragraphs('x'));
      });
    };
    const paths = Array.from({ length: 6 }, (_, index) => `/${index}`);
    const web = await smallWeb(Object.fromEntries(paths.map((path) => [`shop.test${path}`, slow])), UNHURRIED);
    await Promise.all(paths.map((path) => insist(web, `http://shop.test${path}`, web.another())));
    expect(most).toBe(1);
    expect(web.asked).toHaveLength(7);
  });

  it('by the SEC at most five times a second, over all workers', async () => {
    const times: number[] = [];
    const web = await smallWeb(
      Object.fromEntries(
        Array.from({ length: 30 }, (_, index) => [
          `data.sec.test/${index}`,
          (_request: unknown, response: import('node:http').ServerResponse) => {
            times.push(web.clock.now());
            sendPage(response, paragraphs('x'));
          },
        ]),
      ),
    );
    for (let index = 0; index < 30; index += 1) {
      const found = await insist(web, `http://data.sec.test/${index}`, web.another());
      expect(found.kind).toBe('page');
    }
    for (const [index, time] of times.entries())
      expect(times.filter((other) => other >= time && other < time + 1_000).length, `at ${index}`).toBeLessThanOrEqual(
        5,
      );
  });
});
